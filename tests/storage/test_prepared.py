"""Prepared statements: each can be had on both databases, and values come out as they went in."""

import importlib
from datetime import UTC, datetime, timedelta, timezone
from pkgutil import walk_packages
from typing import Any

import pytest
from sqlalchemy import bindparam, select
from sqlmodel import col

import storage
from storage.models.talks import Conversation, Message
from storage.models.work import Arrival
from storage.objects import Query, add_now, find, find_one, write_changes
from storage.prepared import Prepared, PreparedOfMany
from storage.unit import Store
from tests import given


def prepared() -> list[Any]:
    """Every prepared statement that a module of ours holds."""
    modules = [m.name for m in walk_packages(storage.__path__, "storage.")]
    held = [
        (name, key, value)
        for name in modules
        if ".migrations" not in name
        for key, value in vars(importlib.import_module(name)).items()
    ]
    kinds = {Prepared: lambda v: v, Query: lambda v: v._prepared, PreparedOfMany: lambda v: v._one}
    return [
        pytest.param(kinds[type(value)](value), id=f"{name}.{key}")
        for name, key, value in held
        if type(value) in kinds
    ]


@pytest.mark.parametrize("statement", prepared())
def test_each_can_be_had_on_this_database(store: Store, statement: Prepared) -> None:
    statement_text = store.write(lambda db: statement._for(db).text)

    assert "POSTCOMPILE" not in statement_text


def test_an_in_of_values_is_refused() -> None:
    select_some = Prepared(select(col(Message.id)).where(col(Message.kind).in_(["a", "b"])))

    with pytest.raises(ValueError, match="another statement for each count"):
        select_some._for(given.a_memory_session())


def test_values_come_out_as_they_went_in(store: Store, now: datetime) -> None:
    kyoto = timezone(timedelta(hours=9))
    raw = {"text": "予約 😀", "n": [1, None, True]}

    def work(db) -> tuple[Any, ...]:
        given.an_account(db, now)
        row = add_now(
            db,
            Arrival,
            account_id="main",
            event_id="e",
            lane="l",
            kind="k",
            raw=raw,
            received_at=now.astimezone(kyoto),
        )
        found = Prepared(
            select(col(Arrival.raw), col(Arrival.received_at), col(Arrival.reply_until)).where(
                col(Arrival.id) == bindparam("id")
            )
        )
        return found.one(db, {"id": row.id}), row.is_inside, row.state, row.tries

    (found_raw, received_at, reply_until), *defaults = store.write(work)

    assert (found_raw, received_at, reply_until) == (raw, now, None)
    assert received_at.tzinfo is UTC
    assert defaults == [False, "pending", 0]


def test_what_was_changed_is_written_once_and_read_back(store: Store, now: datetime) -> None:
    def begin(db) -> str:
        return given.a_talk(db, given.an_account(db, now), now).id

    talk = store.write(begin)

    def work(db) -> None:
        conversation = find_one(db, Conversation, talk)
        assert find(db, Conversation, talk) is conversation
        conversation.queue = "受付"
        conversation.last_message = {"seq": 1}
        write_changes(db)
        assert not db.is_modified(conversation)
        conversation.unseen_count = 7  # changed again after it was written

    store.write(work)

    found = store.read(lambda db: db.get_one(Conversation, talk))
    assert (found.queue, found.last_message, found.unseen_count) == ("受付", {"seq": 1}, 7)
    with pytest.raises(LookupError):
        store.read(lambda db: find_one(db, Conversation, "nobody"))
