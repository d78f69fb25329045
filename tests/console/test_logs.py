"""A line of the log is JSON in UTC with the ids of what it is about, and no word too many."""

import io
import json
import logging
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from structlog.contextvars import bound_contextvars

from console.cli.logs import formatter
from console.cli.redaction import Redactor
from storage.unit import Store

KEY = b"k" * 32
USER = "U" + "0123456789abcdef" * 2
Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def written() -> Iterator[Lines]:
    """What was logged, line by line, as the product writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter(KEY))
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)


def test_a_line_has_its_time_in_utc_its_level_its_place_and_its_ids(written: Lines) -> None:
    with bound_contextvars(arrival=7, account="main"):
        logging.getLogger("bot.sample").warning("見本 %d", 3)

    (line,) = written()
    assert line.pop("at").endswith("Z")
    assert line == {
        "event": "見本 3", "level": "warning", "logger": "bot.sample", "arrival": 7,
        "account": "main",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (f"a talk of {USER}", "a talk of U#"),
        (f"GET /v2/bot/profile/{USER} failed", "GET /v2/bot/profile/U#"),
        ("Authorization: Bearer abc.def", "Authorization: …"),
        ('{"replyToken": "nHuyWiB7yP5Zw52FIkcQobQuGDXCTA", "x": 1}', '{"replyToken": …, "x": 1}'),
        ("channel_secret='short'", "channel_secret=…"),
        ("token=abc, and more", "token=…, and more"),
        ("password: hunter2", "password: …"),
        ("0f" * 16, "…"),
        ("A" * 170 + "=", "…"),
        ("the form /f/abc.def was asked", "the form /f/… was asked"),
        ("flow " + "0f" * 32, "flow " + "0f" * 32),
        ("key 4f6c2a1e-8d0b-4c8e-9a55-1c2d3e4f5a6b", "key 4f6c2a1e-8d0b-4c8e-9a55-1c2d3e4f5a6b"),
        ("12 calls were under way, 0.5 s", "12 calls were under way, 0.5 s"),
    ],
)
def test_what_nobody_may_read_is_taken_out(said: str, kept: str) -> None:
    cleaned = Redactor(KEY).clean(said)

    assert cleaned.startswith(kept) if kept.endswith("#") else cleaned == kept
    assert USER not in cleaned


def test_a_persons_hash_is_the_same_in_one_install_and_another_elsewhere() -> None:
    assert Redactor(KEY).clean(USER) == Redactor(KEY).clean(USER)
    assert Redactor(KEY).clean(USER) != Redactor(b"z" * 32).clean(USER)


def test_values_are_hidden_by_their_name_however_deep(written: Lines) -> None:
    given = {"replyToken": "x", "list": [{"access_token": "y", "n": 1}], "who": USER}
    with bound_contextvars(given=given, csrf_token="z"):
        logging.getLogger("bot").info("見本")

    (line,) = written()
    assert line["csrf_token"] == "…"
    assert line["given"]["replyToken"] == line["given"]["list"][0]["access_token"] == "…"
    assert line["given"]["list"][0]["n"] == 1
    assert line["given"]["who"].startswith("U#")


def test_an_exception_tells_where_and_its_words_only_when_they_are_nobodys(written: Lines) -> None:
    for error in (ValueError("お客様の言葉"), OSError(28, "No space left on device")):
        try:
            raise error  # noqa: TRY301 # that is what is to be logged
        except Exception:
            logging.getLogger("bot").exception("failed")

    of_a_customer, of_the_system = (line["error"] for line in written())
    assert "said" not in of_a_customer
    assert of_a_customer["kind"] == "ValueError"
    assert "test_logs.py" in of_a_customer["at"][-1]
    assert "No space left" in of_the_system["said"]
    assert "お客様の言葉" not in json.dumps(written(), ensure_ascii=False)


def test_an_error_of_the_database_repeats_no_row(store: Store, written: Lines) -> None:
    def work(db: Any) -> None:
        row = {"id": "お客様の言葉", "at": "2026-11-24 00:00:00"}
        insert = "INSERT INTO account (id, name, provider, created_at) VALUES (:id, NULL, :id, :at)"
        db.execute(text(insert), row)

    try:
        store.write(work)
    except IntegrityError:
        logging.getLogger("storage").exception("failed")

    (line,) = written()
    assert line["error"]["said"]
    assert "お客様の言葉" not in json.dumps(line, ensure_ascii=False)
    assert sqlite3.IntegrityError.__name__ in str(line) or "SQLSTATE" in line["error"]["said"]


def test_every_request_has_a_name_that_its_lines_bear(app: Flask, written: Lines) -> None:
    @app.get("/broken")
    def broken() -> str:
        raise ValueError("お客様の言葉")

    for _ in range(2):
        assert app.test_client().get("/broken").status_code == 500

    first, second = (line for line in written() if "Exception on" in line["event"])
    assert len(first["request"]) == 12
    assert first["request"] != second["request"]
    assert "お客様の言葉" not in json.dumps(written(), ensure_ascii=False)
