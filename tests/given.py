"""Builders for tests: what is given, in one line each."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from storage.accounts import NewAccount, add_account
from storage.arrivals import claim, finish, keep
from storage.customers import find_or_create_friend
from storage.models.operators import Operator
from storage.models.people import Account
from storage.models.talks import Conversation, Message
from storage.models.work import Arrival
from storage.operators import NewOperator, add_operator
from storage.talks import Incoming, open_conversation, receive

KEY = b"k" * 32
SECRET = "a-channel-secret"
TOKEN = "a-channel-token"
USER = "U" + "1" * 32


def an_account(
    db: Session,
    now: datetime,
    account_id: str = "main",
    *,
    provider: str = "見本",
    mode: str = "economy",
) -> Account:
    """A LINE account that we serve."""
    new = NewAccount(account_id, "見本のお店", provider, SECRET, TOKEN, mode)
    return add_account(db, KEY, new, now)


def an_operator(
    db: Session,
    now: datetime,
    name: str = "見本スタッフA",
    *,
    role: str = "operator",
    accounts: tuple[str, ...] = (),
) -> Operator:
    """A person at the console; the e-mail follows from the name."""
    email = f"{name.encode().hex()}@example.com"
    return add_operator(db, NewOperator(email, name, role, "no-hash", accounts), now)


def a_text_event(text: str, number: int = 1, user: str = USER, **more: Any) -> dict[str, Any]:
    """A message event in LINE's own shape; its number makes its ids."""
    return {
        "type": "message",
        "mode": "active",
        "timestamp": 1_795_222_800_000 + number,
        "source": {"type": "user", "userId": user},
        "webhookEventId": f"01EVENT{number:019d}",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": f"reply-{number}",
        "message": {"id": str(number), "type": "text", "quoteToken": "q", "text": text},
        **more,
    }


def an_arrival(db: Session, account: Account, event: Mapping[str, Any], now: datetime) -> Arrival:
    """An event kept and claimed, as the worker finds it."""
    keep(db, account, [event], now)
    db.flush()
    arrival = claim(db, now)
    if arrival is None:
        raise AssertionError("the arrival was kept just now")
    return arrival


def a_talk(db: Session, account: Account, now: datetime, user: str = USER) -> Conversation:
    """A conversation in which nothing was said yet."""
    return open_conversation(db, find_or_create_friend(db, account, user, now), now)


def a_message(
    db: Session, account: Account, text: str, now: datetime, number: int = 1, user: str = USER
) -> tuple[Conversation, Message]:
    """The customer writes a text: from the webhook's event to the line in the talk."""
    arrival = an_arrival(db, account, a_text_event(text, number, user), now)
    conversation = a_talk(db, account, now, user)
    incoming = Incoming("text", dict(arrival.raw["message"]), now, text, str(number))
    message = receive(db, conversation, incoming, arrival, now)
    finish(db, arrival, now)
    return conversation, message
