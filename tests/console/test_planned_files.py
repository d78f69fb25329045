"""Pictures and files for a later moment: kept until then, counted from there, gone with it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from console.door import House
from console.settings import read_settings
from storage import scheduled, uploads
from storage.models.uploads import Upload
from storage.models.work import Delivery
from storage.talks import lock
from tests.console.conftest import Browser, Clock, SignIn
from tests.console.test_uploads import PDF, a_picture, fetch, give, rows_of, send

DAY = timedelta(days=1)


@pytest.fixture
def house(house: House) -> House:
    """A house that LINE reaches: the simulator stands beside it."""
    more = {"MADOGUCHI_LINE_API_URL": "http://127.0.0.1:9000"}
    folder = {"MADOGUCHI_DATA_DIR": str(house.settings.data_dir)}
    return replace(house, settings=read_settings({**folder, **more}))


def plan(
    browser: Browser, talk: str, messages: list[Any], at: datetime, client_id: str = "s-1"
) -> Any:
    body = {"client_msg_id": client_id, "messages": messages, "send_at": at.isoformat()}
    return browser.post(f"/conversations/{talk}/scheduled", **body)


def day_of(message: dict[str, Any]) -> str:
    return str(message["contents"]["body"]["contents"][2]["text"])


def address_of(message: dict[str, Any]) -> str:
    return str(message["contents"]["footer"]["contents"][0]["action"]["uri"])


def swept(house: House, now: datetime) -> list[str]:
    """What the worker would drop by then."""
    found = house.store.write(lambda db: uploads.claim_droppings(db, now, 99))
    return [one.upload_id for one in found]


def test_files_are_kept_until_they_are_sent_and_their_days_count_from_there(
    app: Flask, house: House, clock: Clock, sign_in: SignIn, talk: str
) -> None:
    browser = sign_in()
    picture = give(browser, talk, a_picture(), "見本.jpg", "u1").json["message"]
    file = give(browser, talk, PDF, "見本.pdf", "u2").json["message"]
    text = {"type": "text", "text": "当日の資料です"}
    at = clock.now + 60 * DAY

    made = plan(browser, talk, [text, picture, file], at)
    assert made.status_code == 201
    assert [one["name"] for one in made.json["files"]] == ["見本.jpg", "見本.pdf"]
    assert day_of(file) == "2026年12月24日まで開けます"
    assert day_of(made.json["messages"][2]) == "2027年2月22日まで開けます"
    assert swept(house, clock.now + 59 * DAY) == []

    earlier = {"version": 1, "send_at": (clock.now + 10 * DAY).isoformat(), "text": "資料です"}
    moved = browser.call("PATCH", f"/scheduled/{made.json['id']}", earlier).json
    assert day_of(moved["messages"][2]) == "2027年1月3日まで開けます"
    assert [m["type"] for m in moved["messages"]] == ["text", "image", "flex"]

    clock.now += 10 * DAY
    house.store.write(lambda db: scheduled.fire(db, lock(db, talk), moved["id"], clock.now))
    (delivery,) = rows_of(house, Delivery)
    assert day_of(delivery.messages[2]) == "2027年1月3日まで開けます"
    assert fetch(app, picture["originalContentUrl"]).status_code == 200
    clock.now += 30 * DAY
    assert fetch(app, address_of(delivery.messages[2])).data == PDF


def test_what_is_sent_before_its_moment_counts_from_now(
    house: House, clock: Clock, sign_in: SignIn, talk: str
) -> None:
    browser = sign_in()
    file = give(browser, talk, PDF, "見本.pdf").json["message"]
    made = plan(browser, talk, [file], clock.now + 60 * DAY).json

    clock.now += timedelta(hours=2)
    sent = browser.post(f"/scheduled/{made['id']}/send", version=1)

    assert sent.status_code == 200, sent.json
    assert sent.json["state"] == "sent"
    (delivery,) = rows_of(house, Delivery)
    assert day_of(delivery.messages[0]) == "2026年12月24日まで開けます"


def test_files_go_with_what_is_deleted_but_for_those_that_something_else_has(
    house: House, clock: Clock, sign_in: SignIn, talk: str
) -> None:
    browser = sign_in()
    picture = give(browser, talk, a_picture(), "見本.jpg", "u1").json
    file = give(browser, talk, PDF, "見本.pdf", "u2").json
    at = clock.now + 60 * DAY
    first = plan(browser, talk, [picture["message"], file["message"]], at).json
    second = plan(browser, talk, [picture["message"]], at, "s-2").json

    browser.call("DELETE", f"/scheduled/{first['id']}", {"version": 1})
    assert swept(house, clock.now) == [file["id"]]
    send(browser, talk, [picture["message"]])
    browser.call("DELETE", f"/scheduled/{second['id']}", {"version": 1})
    assert swept(house, clock.now + DAY / 2) == [file["id"]]  # it is put off, and tried again
    house.store.write(lambda db: uploads.record_dropping(db, file["id"], clock.now))
    assert swept(house, clock.now + 400 * DAY) == []

    gone = plan(browser, talk, [file["message"]], at, "s-3")
    assert (gone.status_code, gone.json["error"]["code"]) == (409, "upload_gone")
    kept = {one.id: one.used_at is not None for one in rows_of(house, Upload)}
    assert kept == {picture["id"]: True, file["id"]: False}
