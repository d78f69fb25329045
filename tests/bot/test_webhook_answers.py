"""What the webhook answers to everything that is not as LINE sends it, on each database.

`ANSWERS` is the README's table. Whatever comes, the answer is never a 5xx; a body is kept whole or
not at all; and what was kept can be done, or is shown to nobody, without stopping the others.
"""

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as st
from sqlalchemy import func
from sqlmodel import Session, select

from bot.accounts import Accounts
from bot.flow_source import FlowSource
from bot.signed_events import DEEPEST
from bot.turn import do_turn
from bot.webhook import MAX_BYTES, webhook
from storage import arrivals, failpoints
from storage.keepable import make_keepable
from storage.models.work import Arrival
from storage.unit import Store
from tests import given

README = Path(__file__).parent.parent.parent / "README.md"
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
URL = "/line/main/webhook"
USER = {"type": "user", "userId": given.USER}
BARE: dict[str, Any] = {
    "mode": "active",
    "timestamp": 1_795_222_800_000,
    "source": USER,
    "deliveryContext": {"isRedelivery": False},
}
EVENTS: list[dict[str, Any]] = [
    given.a_text_event("こんにちは"),
    {**BARE, "type": "follow", "replyToken": "r", "follow": {"isUnblocked": False}},
    {**BARE, "type": "unfollow"},
    {**BARE, "type": "postback", "replyToken": "r",
     "postback": {"data": "f=1.1&s=1&v=0", "params": {"date": "2026-12-01"}}},
    {**BARE, "type": "message", "replyToken": "r",
     "message": {"id": "9", "type": "sticker", "packageId": "1", "stickerId": "2",
                 "keywords": ["喜ぶ"]}},
    {**BARE, "type": "message", "replyToken": "r",
     "message": {"id": "10", "type": "file", "fileName": "見本.pdf", "fileSize": 12}},
    {**BARE, "type": "message", "replyToken": "r",
     "message": {"id": "11", "type": "location", "address": "見本", "latitude": 35.6,
                 "longitude": 139.7}},
    {**BARE, "type": "message", "replyToken": "r",
     "message": {"id": "12", "type": "text", "text": "引用", "quotedMessageId": "1",
                 "mention": {"mentionees": [{"index": 0, "length": 1, "type": "all"}]}}},
    {**BARE, "type": "unsend", "unsend": {"messageId": "1"}},
    {**BARE, "type": "messageEdited", "message": {"id": "1", "type": "text", "text": "直し"}},
    {**BARE, "type": "beacon", "replyToken": "r", "beacon": {"hwid": "d", "type": "enter"}},
    {**BARE, "type": "accountLink", "link": {"result": "ok", "nonce": "n"}},
    {**BARE, "type": "join", "source": {"type": "group", "groupId": "C1"}},
]  # fmt: skip
for number, one in enumerate(EVENTS):
    one["webhookEventId"] = f"01EVENT{number:019d}"


def body_of(*events: Any) -> bytes:
    return json.dumps({"destination": "U" + "d" * 32, "events": list(events)}).encode()


def signature(body: bytes, secret: str = given.SECRET) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def nested(depth: int) -> bytes:
    return b'{"events": [{"type": ' + b"[" * depth + b"]" * depth + b"}]}"


GOOD = body_of(EVENTS[0])
Row = tuple[str, int, Callable[[FlaskClient], Any]]


def post(body: bytes, signed: str | None = None, url: str = URL) -> Callable[[FlaskClient], Any]:
    found = signature(body) if signed is None else signed
    return lambda client: client.post(url, data=body, headers={"x-line-signature": found})


# What the README says, in its words; the status; and a request that is so.
ANSWERS: list[Row] = [
    ("as LINE sends it", 200, post(GOOD)),
    ("no event at all (LINE's own Verify)", 200, post(body_of())),
    ("the same again, or events that came before among new ones", 200,
     post(body_of(EVENTS[0], EVENTS[0]))),
    ("an event of a kind, or with fields, that nobody knows", 200,
     post(body_of({**BARE, "type": "new", "later": {"a": 1}}))),
    ("an event that lacks its id, type, source or message", 200, post(body_of({}))),
    ("an account that is not served here", 404, post(GOOD, url="/line/nobody/webhook")),
    ("over 1 MiB", 413, post(b" " * (MAX_BYTES + 1))),
    ("a body that breaks off", 400,
     lambda client: client.post(URL, data=GOOD[:9], environ_overrides={"CONTENT_LENGTH": "99"})),
    ("no signature", 401, lambda client: client.post(URL, data=GOOD)),
    ("signed for another account, or changed by a byte", 401,
     post(GOOD, signature(GOOD, "another-secret"))),
    ("signed, but no JSON, no UTF-8, or numbers that JSON has not", 400, post(b'{"events": [NaN]}')),
    ("signed, but without a list of events that are objects", 400, post(b'{"events": {}}')),
    ("signed, but nested deeper than 64", 400, post(nested(DEEPEST))),
    ("asked by another method than POST", 405, lambda client: client.get(URL)),
]  # fmt: skip


@pytest.fixture
def client(store: Store) -> FlaskClient:
    store.write(lambda db: given.an_account(db, NOW))
    store.write(lambda db: given.an_account(db, NOW, "other", provider="別の見本"))
    app = Flask("bot")
    app.register_blueprint(webhook(store, Accounts(store, given.KEY), lambda: NOW))
    return app.test_client()


def count(store: Store) -> int:
    return store.read(lambda db: db.exec(select(func.count()).select_from(Arrival)).one())


@pytest.mark.parametrize(("said", "status", "ask"), ANSWERS, ids=[row[0] for row in ANSWERS])
def test_each_has_its_stated_answer_and_is_kept_whole_or_not_at_all(
    client: FlaskClient, store: Store, said: str, status: int, ask: Callable[[FlaskClient], Any]
) -> None:
    assert ask(client).status_code == status, said

    is_kept = status == 200 and "Verify" not in said
    assert count(store) == (1 if is_kept else 0)


def test_the_readme_tells_these_answers_and_no_others() -> None:
    table = README.read_text().partition("| what comes to the webhook |")[2].partition("\n\n")[0]
    told = re.findall(r"^\| (.+?) \| (\d{3})\b", table, re.MULTILINE)

    assert told == [(said, str(status)) for said, status, _ in ANSWERS]


def test_a_body_that_changed_by_any_byte_is_not_ours(client: FlaskClient, store: Store) -> None:
    body, signed = body_of(*EVENTS[:3]), signature(body_of(*EVENTS[:3]))
    for at in range(len(body)):
        changed = body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
        assert post(changed, signed)(client).status_code == 401, at
    for at in range(len(signed)):
        other = "A" if signed[at] != "A" else "B"
        assert post(body, signed[:at] + other + signed[at + 1 :])(client).status_code == 401, at

    assert count(store) == 0
    assert post(body, signed)(client).status_code == 200
    assert count(store) == 3


def test_what_cannot_be_kept_is_not_acknowledged_and_is_kept_when_it_comes_again(
    client: FlaskClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: str) -> None:
        raise OSError("ひみつ: the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(failpoints, "reach", lambda point: point == "arrival written" and full(point))
        answer = post(GOOD)(client)
    assert answer.status_code == 500
    assert "ひみつ" not in answer.text
    assert count(store) == 0

    assert post(GOOD)(client).status_code == 200
    assert count(store) == 1


JUNK = st.sampled_from(
    [
        None, True, 0, -1, 10**30, 10**400, 1e308, 0.5, "", "\0", "\ud800", "x" * 10_000, "é" * 300,
        [], {}, [[]], [None], {"": None}, {"\0": "\ud800"}, "2026-13-99", -(10**18),
    ]
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> list[Any]:
    """Real events with some of their parts taken out, put in, doubled, or made junk."""
    events: list[Any] = json.loads(json.dumps(draw(st.lists(st.sampled_from(EVENTS), max_size=4))))
    for _ in range(draw(st.integers(0, 5))):
        places = list(_places(events))
        if not places:
            break
        holder, key = draw(st.sampled_from(places))
        match draw(st.sampled_from(["junk", "drop", "more", "twice"])):
            case "junk":
                holder[key] = deepcopy(draw(JUNK))
            case "drop":
                del holder[key]
            case "more" if isinstance(holder, dict):
                holder[draw(st.text(max_size=3))] = deepcopy(draw(JUNK))
            case _ if isinstance(holder, list):
                holder.append(json.loads(json.dumps(holder[key])))
    return events


def _places(tree: Any) -> Any:
    parts = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, part in list(parts):
        yield tree, key
        if isinstance(part, dict | list):
            yield from _places(part)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@for_all(events=mutated())
def test_whatever_comes_signed_is_kept_whole_or_refused_and_then_done(
    client: FlaskClient, store: Store, events: list[Any]
) -> None:
    before, body = count(store), body_of(*events)

    status = post(body)(client).status_code
    again = post(body)(client).status_code

    assert status == again
    assert status in {200, 400}
    read = json.loads(body)["events"]
    if status == 400:
        assert count(store) == before
        return
    assert count(store) - before <= len(read)
    known = store.read(lambda db: set(db.exec(select(Arrival.event_id))))
    assert {_kept_id(event) for event in read} <= known
    while store.write(lambda db: _do_one(db, store)):
        pass


def _kept_id(event: Any) -> str:
    return arrivals.event_id_of(make_keepable(event))


def _do_one(db: Session, store: Store) -> bool:
    arrival = arrivals.claim(db, NOW)
    if arrival is None:
        return False
    do_turn(db, arrival, FlowSource(store).book(), NOW)
    return True
