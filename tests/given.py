"""Builders for tests: what is given, in one line each."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import create_engine, func
from sqlmodel import Session, select

from storage.accounts import NewAccount, add_account
from storage.arrivals import event_id_of, finish, keep
from storage.customers import find_or_create_friend
from storage.desk import HandoffRequest, hand_off
from storage.flow_versions import NewVersion
from storage.incoming import Incoming, receive
from storage.models.operators import Operator
from storage.models.people import Account
from storage.models.talks import Conversation, Message
from storage.models.work import Arrival, Timer
from storage.operators import NewOperator, add_operator
from storage.post import Reply, Said
from storage.talks import Line, append, open_conversation

KEY = b"k" * 32
SECRET = "a-channel-secret"
TOKEN = "a-channel-token"
LONG = timedelta(minutes=5)
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
    """An event kept, as the worker finds it."""
    keep(db, account, [event], now)
    return db.exec(select(Arrival).where(Arrival.event_id == event_id_of(event))).one()


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


ASKED = HandoffRequest("受付", {"kind": "flow"}, answers=({"step": "menu", "value": "cut"},))
HELLO = {"type": "text", "text": "こんにちは"}


def a_waiting_talk(db: Session, account: Account, now: datetime, user: str = USER) -> Conversation:
    """The customer wrote, and a flow asked for a person. Its epoch is 1, its last line 2."""
    conversation, _ = a_message(db, account, "人と話したい", now, user=user)
    hand_off(db, conversation, ASKED, now)
    return conversation


def a_memory_session() -> Session:
    """A session on an empty database that nobody shares."""
    return Session(create_engine("sqlite://"))


def next_timer(db: Session) -> datetime | None:
    """The moment of the earliest timer."""
    return db.scalar(select(func.min(Timer.due_at)))


def a_reply(client_msg_id: str = "c-1", seen_seq: int = 99, *, force: bool = False) -> Reply:
    """What an operator writes."""
    return Reply(client_msg_id, [HELLO], ["こんにちは"], seen_seq, force)


def an_answer(source: str = "turn-1", run_id: str | None = "run-1") -> Said:
    """One bubble of the bot."""
    return Said([HELLO], ["こんにちは"], source, run_id)


def a_version(hash_: str = "h1", flow_id: str = "welcome", title: str = "ようこそ") -> NewVersion:
    """A published flow."""
    return NewVersion(flow_id, hash_, title, {"flow": flow_id, "hash": hash_})


def the_account(db: Session, account_id: str = "main") -> Account:
    """An account that is there already."""
    return db.get_one(Account, account_id)


def a_line(
    db: Session, talk: Conversation, text: str, now: datetime, line_message_id: str | None = None
) -> Message:
    """A text of the customer, written into a talk and nothing more."""
    content = {"type": "text", "text": text}
    return append(
        db, talk, Line("customer", "text", content, now, text, line_message_id=line_message_id)
    )
