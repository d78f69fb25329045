"""How a call ended is written down also when the database takes nothing for a while."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

import pytest
from sqlalchemy import select
from sqlmodel import Session

from bot.means import Means
from bot.sending import send
from storage import failpoints, intents, outcomes, post
from storage.models.people import Account
from storage.models.work import Delivery
from storage.unit import Store
from tests import given

WORDS = {"type": "text", "text": "見本"}


class Client:
    """LINE accepts everything."""

    def __init__(self) -> None:
        self.calls = 0

    def send(self, _work: outcomes.Work, _token: str) -> outcomes.Outcome:
        self.calls += 1
        return outcomes.Sent("request")


class Asleep:
    def wait(self, _timeout: float | None = None) -> bool:
        return False


def means_of(store: Store, client: Client, now: datetime) -> Means:
    known = (None, type("Credentials", (), {"token": "token"}))
    accounts = type("Accounts", (), {"find": staticmethod(lambda _: known)})
    nothing = cast(Any, None)
    return Means(
        store, cast(Any, accounts), nothing, cast(Any, client), nothing, spawn=lambda _: None,
        room=lambda: 1, beside=lambda _: None, clock=lambda: now, waiter=cast(Callable[[], Any], Asleep),
    )  # fmt: skip


def a_claimed_call(store: Store, now: datetime) -> outcomes.Work:
    def work(db: Session) -> None:
        given.an_account(db, now, mode="strict")
        talk = given.a_talk(db, db.get_one(Account, "main"), now)
        post.say(db, talk, post.Said([WORDS], ["見本"], "1"), now)

    store.write(work)
    (found,) = store.write(lambda db: intents.claim_due(db, now, 1))
    return found


@pytest.mark.parametrize("point", ["outcome known", "intent committed"])
def test_what_line_has_answered_is_kept_until_the_database_takes_it(
    point: str, store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    call, client, left = a_claimed_call(store, now), Client(), iter([1, 2, 3])

    def refuse(at: str) -> None:
        if at == point and next(left, None) is not None:
            raise OSError("the disk is full")

    monkeypatch.setattr(failpoints, "reach", refuse)
    send(means_of(store, client, now), call)

    one = store.read(lambda db: db.scalars(select(Delivery)).one())
    if point == "outcome known":
        assert (client.calls, one.state, one.is_unsure) == (1, "sent", False)
    else:  # nobody knows how far the call came: the same key again
        assert (client.calls, one.state, one.is_unsure) == (0, "pending", True)
