"""Taking a message back touches its copies and nothing else: the talk goes on as before."""

import json
import re
import threading
from datetime import datetime
from typing import Any

import pytest
from sqlmodel import col, select

from bot.line_client import LineClient
from flows.language.run import run_from_json
from storage.copied_words import REMOVED
from storage.models.flows import Run, RunEvent
from storage.models.people import CustomerField
from storage.models.reports import RunAnswer
from storage.models.work import Delivery, JournalEntry
from storage.unit import Store
from tests.bot.conftest import Line, eventually
from tests.bot.test_taken_back import answers, lines, own, taken_back, where

CANARY = "ひみつのことがら"

KINDS = """
flow: kinds
title: 種類の見本
start: {keyword: 種類}
vars: {count: "10"}
steps:
  - ask: ご予約が始まります。どうぞ
    id: what
    TYPE
    save: field.what
  - set: {field.note_text: "内容 {{answer.what}}"}
  - say: "{{answer.what}} さん、まもなく始まります。10:30 から 2026 年も"
  - ask: つぎをどうぞ
    id: next
  - say: "{{answer.next}} をうけたまわりました"
"""
MOMENT = re.compile(r"(_at|_until|_since|^at)$")


def heard(store: Store) -> list[RunEvent]:
    return store.read(lambda db: list(db.exec(select(RunEvent).order_by(col(RunEvent.at)))))


def moments(tree: Any) -> list[str]:
    """Every moment that the consoles were told."""
    if isinstance(tree, list):
        return [one for part in tree for one in moments(part)]
    if not isinstance(tree, dict):
        return []
    found = [one for part in tree.values() for one in moments(part)]
    own = [value for key, value in tree.items() if MOMENT.search(key) and isinstance(value, str)]
    return own + found


def all_moments(store: Store) -> list[str]:
    payloads = store.read(lambda db: list(db.exec(select(JournalEntry.payload))))
    return [one for payload in payloads for one in moments(payload)]


def asks(counter: Line, store: Store, kind: str, said: str) -> str:
    """A friend who was asked something of a kind, and said this."""
    counter.publish(kinds=KINDS.replace("TYPE", kind))
    user = counter.friend()
    for text in ("種類", said):
        answers(counter, store, user, text)
    return user


def unsends(counter: Line, store: Store, user: str, number: int = 1) -> None:
    known = taken_back(store)
    counter.does(user, "unsend", message_id=own(counter, user)[number])
    eventually(lambda: taken_back(store) > known, "it is taken back")


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("type: text", "11/28"),
        ("type: text", "10:30"),
        ("type: text", "2026"),
        ("type: text", "10"),
        ("type: number", "48151"),
        ("type: number", "10"),
        ("type: date", "12/24"),
        ("type: text", "まり"),
        ("type: text", "🍎"),
        ("type: text", CANARY),
    ],
)
def test_whatever_was_taken_back_the_talk_goes_on(
    counter: Line, store: Store, kind: str, said: str
) -> None:
    user = asks(counter, store, kind, said)
    before = all_moments(store)
    (bots,) = [one.text for one in lines(store) if one.text and "まもなく" in one.text]
    understood = bots.partition(" さん")[0]

    unsends(counter, store, user)

    told = [datetime.fromisoformat(one) for one in all_moments(store)]
    assert len(told) > len(before) > 0
    assert set(before) <= set(all_moments(store)), "no moment is another"
    (run,) = store.read(lambda db: db.exec(select(Run).where(Run.flow_id == "kinds")).all())
    assert run_from_json(run.state).top.answers["what"] == REMOVED
    for turn in heard(store):
        run_from_json(turn.state_after)
        datetime.fromisoformat(turn.context["now"])
    text = next(one.text for one in lines(store) if one.text and "まもなく" in one.text)
    assert text == "… さん、まもなく始まります。10:30 から 2026 年も"
    assert store.read(lambda db: db.exec(select(CustomerField)).all()) == []
    assert store.read(lambda db: db.exec(select(RunAnswer)).all()) == []
    assert [turn.payload["text"] for turn in heard(store)] == ["種類", REMOVED]
    assert f"内容 {understood}" not in json.dumps(payloads(store), ensure_ascii=False)
    if understood not in KINDS:
        assert where(store, understood) == [], "nor what was understood by it"

    answers(counter, store, user, "つぎのこと")
    assert counter.texts(user)[-1] == "つぎのこと をうけたまわりました"


def payloads(store: Store) -> list[dict[str, Any]]:
    return store.read(lambda db: list(db.exec(select(JournalEntry.payload))))


def test_a_call_under_way_loses_the_words_when_it_ends(
    counter: Line, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter.publish(kinds=KINDS.replace("TYPE", "type: text"))
    user = counter.friend()
    answers(counter, store, user, "種類")
    called, go = threading.Event(), threading.Event()
    send = LineClient.send

    def slowly(client: LineClient, *given: Any) -> Any:
        called.set()
        assert go.wait(60)
        return send(client, *given)

    monkeypatch.setattr(LineClient, "send", slowly)
    counter.does(user, "say", text=CANARY)
    try:
        eventually(called.is_set, "LINE is asked")
        unsends(counter, store, user)
        assert where(store, CANARY) == ["delivery"], "LINE may be asked again with the same words"
    finally:
        go.set()
    eventually(lambda: set(states(store)) == {"sent"}, "it is out")

    assert where(store, CANARY) == []
    assert "… さん" in str(store.read(lambda db: list(db.exec(select(Delivery.messages)))))
    assert counter.texts(user)[-2].startswith(CANARY), "what LINE has, it has"


def states(store: Store) -> list[str]:
    return store.read(lambda db: list(db.exec(select(Delivery.state))))
