"""How a greenlet waits for PostgreSQL: the others go on, and an end is noticed."""

import os
from collections.abc import Iterator

import gevent
import psycopg
import pytest
from psycopg import waiting
from sqlalchemy import make_url

from console.cli import postgres_wait


def connect(url: str) -> psycopg.Connection:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


@pytest.fixture
def line(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[psycopg.Connection]:
    """A connection that waits as the server's processes do."""
    monkeypatch.setattr(waiting, "wait", waiting.wait)  # as it was, afterwards
    postgres_wait.install()
    with connect(postgres_url) as opened:
        yield opened


def test_others_go_on_while_one_waits(line: psycopg.Connection) -> None:
    turns: list[int] = []

    def other() -> None:
        for number in range(3):
            gevent.sleep(0.01)
            turns.append(number)

    beside = gevent.spawn(other)
    answer = line.execute("SELECT 1 FROM pg_sleep(0.5)").fetchone()

    assert (answer, turns) == ((1,), [0, 1, 2])
    beside.join()


def test_what_goes_out_in_parts_and_together_comes_whole(line: psycopg.Connection) -> None:
    much = "見本" * 2_000_000  # more than the socket takes at once

    with line.pipeline():
        lengths = [line.execute("SELECT length(%s)", (much,)) for _ in range(3)]

    assert [cursor.fetchone() for cursor in lengths] == [(4_000_000,)] * 3
    assert line.execute("SELECT %s", (much,)).fetchone() == (much,)


def test_a_time_is_kept_and_news_comes_before_it(
    line: psycopg.Connection, postgres_url: str
) -> None:
    line.execute("LISTEN sample")
    assert list(line.notifies(timeout=0.05)) == []

    with connect(postgres_url) as other:
        other.execute("NOTIFY sample, 'news'")

    assert [notice.payload for notice in line.notifies(timeout=60, stop_after=1)] == ["news"]


def test_a_line_that_is_cut_or_closed_is_an_error_and_no_endless_wait(
    line: psycopg.Connection, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connect(postgres_url) as other:
        cut = gevent.spawn_later(0.05, other.execute, TERMINATE, (line.info.backend_pid,))
        with pytest.raises(psycopg.OperationalError, match=r"terminat|closed"):
            line.execute("SELECT pg_sleep(600)")
        cut.join()

    monkeypatch.setattr(postgres_wait, "LOOK_AGAIN_S", 0.05)
    reading, writing = os.pipe()
    closing = gevent.spawn_later(0.02, os.close, reading)
    with pytest.raises(psycopg.OperationalError, match="was closed"):
        postgres_wait.wait(forever(), reading)
    closing.join()
    os.close(writing)


TERMINATE = "SELECT pg_terminate_backend(%s)"


def forever():
    while True:
        yield waiting.Wait.R
