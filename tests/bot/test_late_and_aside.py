"""Events that come late or cannot be taken in, words that are taken back, and old rows."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
import urllib3
from sqlalchemy import func
from sqlmodel import Session, col, select

from bot import turn
from bot.pruning import prune
from storage import accounts, arrivals, journal, set_aside
from storage.conversations import Scope
from storage.models.people import Friend
from storage.models.talks import Conversation, Message
from storage.models.work import Arrival, JournalEntry
from storage.pruning import ARRIVALS_KEPT, JOURNAL_KEPT
from storage.unit import Store
from tests import given
from tests.bot.conftest import Line, eventually


def lines(store: Store) -> list[Message]:
    return store.read(lambda db: list(db.exec(select(Message).order_by(col(Message.seq)))))


def said(store: Store) -> dict[str | None, Any]:
    return {line.text: line.origin for line in lines(store) if line.sender == "customer"}


def test_what_comes_late_is_shown_as_late_and_moves_no_flow_that_went_on(
    counter: Line, store: Store
) -> None:
    counter.opens()
    plain, user = counter.friend(), counter.friend()
    for friend in (plain, user):
        counter.does(friend, "follow")
        eventually(lambda friend=friend: len(counter.texts(friend)) == 2, "the first question")
    counter.does(plain, "say", text="来たことがある")
    eventually(lambda: len(counter.texts(plain)) > 2, "the next question")

    counter.post("faults", kind="reorder")
    counter.does(user, "say", text="はじめて")  # kept back until the next one has gone
    counter.passes(timedelta(seconds=1))
    counter.does(user, "say", text="来たことがある")

    eventually(lambda: "はじめて" in said(store), "it is written down")
    eventually(lambda: store.read(arrivals.depth)[0] == 0, "its turn is over")
    eventually(lambda: len(counter.texts(user)) == len(counter.texts(plain)), "all is out")
    assert said(store)["はじめて"] == {"late": True}
    assert said(store)["来たことがある"] is None
    assert counter.texts(user)[-1] == counter.texts(plain)[-1]


AGAIN = """
flow: counting
title: 見本の数え上げ
start: [{keyword: 数える}]
cancel_words: [やめる]
steps:
  - ask: いくつですか?
    id: again
    retry: 2
    choices:
      - ひとつ: {say: ひとつですね。, goto: again}
      - ふたつ: {say: ふたつですね。, goto: again}
      - おわり
    give_up: {goto: fin}
    timeout: {after: 1d, goto: fin}
  - say: ありがとうございました。
    id: fin
  - end: done
"""


def test_what_comes_late_moves_no_flow_that_has_come_to_the_same_step_again(
    counter: Line, store: Store
) -> None:
    counter.opens()
    counter.publish(counting=AGAIN)
    user = counter.friend()
    counter.does(user, "say", text="数える")
    eventually(lambda: len(counter.texts(user)) == 1, "the question")

    counter.post("faults", kind="reorder")
    counter.does(user, "say", text="ひとつ")  # kept back until the next one has gone
    counter.passes(timedelta(seconds=1))
    counter.does(user, "say", text="ふたつ")

    eventually(lambda: "ひとつ" in said(store), "it is written down")
    eventually(lambda: store.read(arrivals.depth)[0] == 0, "its turn is over")
    counter.does(user, "say", text="おわり")
    eventually(lambda: "ありがとうございました。" in counter.texts(user), "the end")
    assert said(store)["ひとつ"] == {"late": True}
    assert "ふたつですね。" in counter.texts(user)
    assert "ひとつですね。" not in counter.texts(user)


def test_what_line_delivers_again_after_a_long_outage_is_answered_by_push_at_once(
    counter: Line, store: Store
) -> None:
    counter.opens()
    user, account = counter.friend(), counter.simulator.accounts["main"]
    hook, account.webhook_url = account.webhook_url, "http://127.0.0.1:9/nobody"
    assert counter.does(user, "say", text="予約") is None
    account.webhook_url = hook
    counter.passes(timedelta(minutes=21))

    assert counter.does(user, "redeliver") == 200

    eventually(lambda: counter.texts(user), "the customer is answered")
    assert said(store) == {"予約": {"late": "outage"}}
    assert counter.calls("/message/reply") == []
    [push] = counter.calls("/message/push")
    assert push["status"] == 200
    counter.does(user, "redeliver")
    counter.does(user, "say", text="来たことがある")
    eventually(lambda: counter.calls("/message/reply"), "what comes in time is answered for free")
    assert said(store)["来たことがある"] is None


def poison(monkeypatch: pytest.MonkeyPatch) -> None:
    real = turn.hear

    def hear(event: dict[str, Any], now: Any) -> Any:
        if event.get("message", {}).get("text") == "予約":
            raise RuntimeError("a mistake of ours")
        return real(event, now)

    monkeypatch.setattr(turn, "hear", hear)
    monkeypatch.setattr(arrivals, "MAX_TRIES", 2)


def aside(store: Store) -> list[dict[str, Any]]:
    return store.read(lambda db: set_aside.list_aside(db, Scope(""), None, None))[0]


def test_an_event_that_was_set_aside_is_done_when_it_is_given_back(
    counter: Line, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison(monkeypatch)
    user = counter.friend()
    counter.does(user, "say", text="予約")
    [row] = eventually(lambda: aside(store), "it is set aside")
    assert (row["kind"], row["tries"], row["reason"]) == ("message", 2, "RuntimeError")
    shown = json.dumps(row, ensure_ascii=False)
    assert "予約" not in shown
    assert "a mistake of ours" not in shown
    assert row["conversation_id"] is not None
    monkeypatch.undo()

    def requeue(db: Session) -> None:
        found = [set_aside.get_aside(db, id_) for id_ in set_aside.ids_aside(db)]
        set_aside.requeue(db, found, counter.now())

    store.write(requeue)

    eventually(lambda: counter.texts(user), "the customer is answered")
    assert aside(store) == []
    talk = store.read(lambda db: db.exec(select(Conversation)).one())
    assert talk.trouble is None


def test_of_one_of_us_the_list_shows_no_talk(store: Store, now: datetime) -> None:
    def fill(db: Session) -> str:
        account, operator = given.an_account(db, now), given.an_operator(db, now)
        talk = given.a_talk(db, account, now)
        for number in (1, 2):
            event = given.a_text_event(
                "見本", number, given.USER if number == 1 else "U" + "8" * 32
            )
            given.an_arrival(db, account, event, now).state = "aside"
        talk.operator_id = operator.id
        return given.a_talk(db, account, now, "U" + "8" * 32).id

    customers = store.write(fill)

    assert [row["conversation_id"] for row in aside(store)] == [customers, None]


def test_what_a_customer_takes_back_is_nowhere_any_more(counter: Line, store: Store) -> None:
    user = counter.friend()
    counter.does(user, "say", text="秘密の住所です")
    eventually(lambda: len(counter.texts(user)) > 0, "an answer")
    [message] = [line for line in lines(store) if line.sender == "customer"]

    def where(db: Session) -> list[str]:
        rows = [*db.exec(select(Message)), *db.exec(select(JournalEntry))]
        rows += [*db.exec(select(Arrival)), *db.exec(select(Conversation))]
        told = [
            row
            for row in rows
            if "秘密の住所" in json.dumps(row.model_dump(), default=str, ensure_ascii=False)
        ]
        return sorted({type(row).__name__ for row in told})

    assert store.read(where) == ["Arrival", "Conversation", "JournalEntry", "Message"] or (
        store.read(where) == ["Arrival", "JournalEntry", "Message"]
    )
    counter.does(user, "unsend", message_id=message.line_message_id)
    eventually(lambda: lines(store)[0].unsent_at, "it is taken back")

    assert store.read(where) == []
    entries = store.read(lambda db: journal.tail(db, "main", 0)).entries
    ids = [entry.id for entry in entries]
    assert ids == list(range(1, len(ids) + 1)), "the journal has no hole"


def test_two_secrets_count_while_one_is_changed(counter: Line, store: Store) -> None:
    def status(secret: str) -> int:
        account = counter.simulator.accounts["main"]
        body = b'{"destination":"U","events":[]}'
        account.secret, kept = secret, account.secret
        headers = {"x-line-signature": account.sign(body), "Content-Type": "application/json"}
        account.secret = kept
        return (
            urllib3.PoolManager()
            .request("POST", counter.webhook_url, body=body, headers=headers)
            .status
        )

    assert (status(given.SECRET), status("a-new-secret")) == (200, 401)
    store.write(lambda db: accounts.add_secret(db, given.KEY, "main", "a-new-secret"))
    eventually(lambda: status("a-new-secret") == 200, "the new one counts")
    assert (status(given.SECRET), status("neither")) == (200, 401)

    store.write(lambda db: accounts.retire_secret(db, "main"))
    eventually(lambda: status(given.SECRET) == 401, "the old one does not")
    assert status("a-new-secret") == 200


def test_old_events_and_entries_go_and_what_a_history_shows_stays(
    store: Store, now: datetime
) -> None:
    def fill(db: Session, at: datetime, number: int) -> None:
        account = given.the_account(db)
        given.a_message(db, account, "古い話", at, number)

    store.write(lambda db: given.an_account(db, now))
    old = now - JOURNAL_KEPT - timedelta(days=1)
    store.write(lambda db: fill(db, old, 1))
    store.write(lambda db: fill(db, now - ARRIVALS_KEPT - timedelta(days=1), 2))
    store.write(lambda db: fill(db, now, 3))

    def put_aside(db: Session) -> None:
        arrival = given.an_arrival(db, given.the_account(db), given.a_text_event("毒", 4), old)
        arrival.state = "aside"

    store.write(put_aside)
    before = store.read(lambda db: journal.tail(db, "main", 0)).head
    reached: dict[str, int] = {}
    assert all(prune(store, reached, now))

    kept = store.read(lambda db: [a.line_message_id for a in db.exec(select(Arrival))])
    assert sorted(kept) == ["3", "4"]
    entries = store.read(
        lambda db: list(db.exec(select(JournalEntry).order_by(col(JournalEntry.id))))
    )
    assert all(entry.at >= now - JOURNAL_KEPT for entry in entries)
    assert entries[-1].id == before
    assert store.read(lambda db: db.scalar(select(func.count()).select_from(Message))) == 3
    assert store.read(lambda db: journal.tail(db, "main", 0)).reset
    assert not store.read(lambda db: journal.tail(db, "main", entries[0].id)).reset
    assert store.read(lambda db: db.scalar(select(func.count()).select_from(Friend))) == 1
