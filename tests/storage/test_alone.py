"""A worker knows whether it is the only one, whatever the others died of."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import NullPool, create_engine, text

from storage import alone
from storage.alone import HeldByOne, at_work, nobody_serves
from tests.bot.waiting import eventually

BESIDE = """
import sys
from storage.alone import at_work

with at_work(sys.argv[1], is_worker=True) as shift:
    shift.let_others_in()
    print("at work", flush=True)
    sys.stdin.read()
"""


LOCKS = text(
    "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database "
    "WHERE locktype = 'advisory' AND datname = current_database()"
)


def is_served(url: str) -> bool:
    with nobody_serves(url) as is_free:
        return not is_free


def has_locks(url: str) -> bool:
    """Whether anybody holds one; who only looks takes none, which others would meet."""
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return bool(connection.scalar(LOCKS))


@contextmanager
def a_worker(url: str) -> Iterator[bool]:
    """Whether it is alone; the others may come."""
    with at_work(url, is_worker=True) as shift:
        shift.let_others_in()
        yield shift.is_alone


def test_of_several_workers_the_first_is_alone_and_so_is_the_first_after_all_of_them(
    postgres_url: str,
) -> None:
    with ExitStack() as stack:
        told = [stack.enter_context(a_worker(postgres_url)) for _ in range(3)]
        assert is_served(postgres_url)

    assert told == [True, False, False]
    assert not is_served(postgres_url)
    with a_worker(postgres_url) as is_alone:
        assert is_alone


def test_the_one_process_of_a_file_is_always_alone(tmp_path: Path) -> None:
    database_url = f"sqlite:///{tmp_path}/madoguchi.db"
    with at_work(database_url, is_worker=True) as shift:
        shift.let_others_in()
        shift.look_after()
        assert shift.is_alone
    with nobody_serves(database_url) as is_free:
        assert is_free


def test_a_process_without_a_worker_serves_and_is_no_worker(postgres_url: str) -> None:
    with at_work(postgres_url, is_worker=False) as console:
        console.let_others_in()
        with a_worker(postgres_url) as is_alone:
            assert (console.is_alone, is_alone) == (False, True)
        assert is_served(postgres_url)


def test_others_wait_until_the_first_has_taken_over_what_was_left(postgres_url: str) -> None:
    told: list[str] = []

    def come_second() -> None:
        with at_work(postgres_url, is_worker=True) as shift:
            told.append(f"the second is alone: {shift.is_alone}")

    with at_work(postgres_url, is_worker=True) as first:
        second = Thread(target=come_second)
        second.start()
        second.join(0.5)
        told.append("the first has taken over")
        first.let_others_in()
        second.join()

    assert told == ["the first has taken over", "the second is alone: False"]


def test_nobody_waits_for_ever_for_a_first_one_that_stands_still(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alone, "PATIENCE_S", 0.1)
    with ExitStack() as first_shift, ExitStack() as second_shift:
        first = first_shift.enter_context(at_work(postgres_url, is_worker=True))
        second = second_shift.enter_context(at_work(postgres_url, is_worker=True))
        assert (first.is_alone, second.is_alone) == (True, False)

        first.let_others_in()
        second.look_after()  # now it is seen as well
        first_shift.close()

        with a_worker(postgres_url) as is_alone:
            assert not is_alone


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_process_that_was_killed_is_at_work_no_more(
    postgres_url: str, how: signal.Signals
) -> None:
    run = [sys.executable, "-c", BESIDE, postgres_url]
    beside = subprocess.Popen(  # noqa: S603 # our own Python
        run, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with beside:
        assert beside.stdout is not None
        assert beside.stdout.readline() == b"at work\n"
        with a_worker(postgres_url) as is_alone:
            assert not is_alone
        beside.send_signal(how)
        beside.wait()

    eventually(lambda: not is_served(postgres_url), "PostgreSQL sees that it is gone")
    with a_worker(postgres_url) as is_alone:
        assert is_alone


def test_who_has_lost_its_connection_is_seen_again(postgres_url: str) -> None:
    with at_work(postgres_url, is_worker=True) as shift:
        shift.let_others_in()
        cut_all(postgres_url)
        eventually(lambda: not has_locks(postgres_url), "the locks are gone with the connections")

        shift.look_after()

        assert is_served(postgres_url)
        with a_worker(postgres_url) as is_alone:
            assert not is_alone


def test_nobody_begins_while_somebody_has_the_database_alone(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alone, "PATIENCE_S", 0.1)
    with nobody_serves(postgres_url) as is_free:
        assert is_free
        with pytest.raises(HeldByOne, match="changes the key"), a_worker(postgres_url):
            raise AssertionError("it has begun")

    with a_worker(postgres_url) as is_alone:
        assert is_alone, "whoever was refused holds nothing"


def test_whoever_holds_a_lock_is_soon_noticed_when_its_machine_goes_away(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of a connection within this machine PostgreSQL keeps no such settings.
    monkeypatch.setattr(alone, "NOTICED", text("SET application_name = 'noticed'"))
    with at_work(postgres_url, is_worker=True):
        assert holders(postgres_url) == {"noticed"}
    eventually(lambda: not holders(postgres_url), "the lock is gone with its connection")
    with nobody_serves(postgres_url):
        assert holders(postgres_url) == {"noticed"}


def holders(url: str) -> set[str]:
    engine = create_engine(url)
    with engine.connect() as connection:
        names = connection.scalars(
            text(
                "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)"
                " WHERE locktype = 'advisory' AND datname = current_database()"
            )
        ).all()
    engine.dispose()
    return set(names)


def cut_all(url: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    engine.dispose()
