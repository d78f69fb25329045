"""Operators who are friends of an account, so that LINE can tell them that somebody waits.

The link is made by a code of eight signs that the person sends to the account. Their talk is no
customer's from then on: in no list, heard by no flow, until the link ends.
"""

import hmac
import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Literal

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from storage import journal
from storage.audit import Deed, note
from storage.deliveries import Parcel, cancel_old_answers, deliver
from storage.desk import end_help
from storage.models.notices import FriendCode, FriendCodeTry, OperatorFriend
from storage.models.operators import Operator
from storage.models.people import Friend
from storage.models.talks import Conversation
from storage.models.work import Delivery
from storage.notices import forget_talk
from storage.scheduled_rows import drop_waiting
from storage.talks import changed, lock

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is mistaken for another: 40 bits in 8
LENGTH = 8
LIFE = timedelta(minutes=10)
MOST_TRIES, MOST_OF_ACCOUNT = 5, 50  # wrong codes within LIFE
LEAD = "スタッフ連携"  # before the code, in the text that the QR code fills in
_CODE = re.compile(rf"(?P<lead>スタッフ連携|STAFF)?[\s:]*(?P<code>[{SIGNS}]{{{LENGTH}}})")

Heard = Literal["linked", "wrong"]
HeldBack = Literal["cap", "quota", "blocked"]


def make_code(db: Session, operator_id: str, account_id: str, now: datetime) -> str:
    """A new code; the one before is worth nothing."""
    code = "".join(secrets.choice(SIGNS) for _ in range(LENGTH))
    drop_code(db, operator_id)
    db.add(
        FriendCode(
            operator_id=operator_id,
            account_id=account_id,
            mark=_mark(operator_id, code),
            expires_at=now + LIFE,
        )
    )
    return code


def drop_code(db: Session, operator_id: str) -> None:
    """Nobody wants to send it any more."""
    db.execute(delete(FriendCode).where(col(FriendCode.operator_id) == operator_id))


def hear_code(db: Session, conversation: Conversation, text: str, now: datetime) -> Heard | None:
    """Whether a friend's words are a code: `linked` when it is right; None when flows may hear it.

    Every open code is compared, in the same time whichever is right; wrong ones are limited.
    """
    found = _CODE.fullmatch(unicodedata.normalize("NFKC", text).strip().upper())
    if found is None:
        return None
    is_meant = found["lead"] is not None
    open_codes = _open_codes(db, conversation.account_id, now)
    if not open_codes or _is_limited(db, conversation, now):
        return "wrong" if is_meant else None
    right = [row for row in open_codes if _is_right(row, found["code"])]
    operator = db.get(Operator, right[0].operator_id) if right else None
    if operator is None or operator.is_disabled:
        tried = FriendCodeTry(
            account_id=conversation.account_id, friend_id=conversation.friend_id, at=now
        )
        db.add(tried)
        return "wrong" if is_meant else None
    db.delete(right[0])
    db.flush()
    link(db, conversation, operator, now)
    return "linked"


def link(db: Session, conversation: Conversation, operator: Operator, now: datetime) -> None:
    """From now on this talk is the operator's own."""
    unlink(db, operator.id, now)
    if conversation.status != "bot":
        end_help(db, conversation, None, now)
    drop_waiting(db, conversation, now)
    conversation.epoch += 1  # what a run has not said yet is not said
    cancel_old_answers(db, conversation, "taken", now)
    conversation.operator_id = operator.id
    conversation.unseen_count, conversation.waiting_since = 0, None
    forget_talk(db, conversation.id)
    db.add(
        OperatorFriend(
            operator_id=operator.id,
            account_id=conversation.account_id,
            conversation_id=conversation.id,
            since=now,
        )
    )
    changed(db, conversation, "conversation.linked", journal.SYSTEM, now)
    _note(db, operator, "friend_linked", now)


def unlink(db: Session, operator_id: str, now: datetime) -> bool:
    """The talk is a customer's again; whether there was a link."""
    kept = db.get(OperatorFriend, operator_id)
    if kept is None:
        return False
    conversation = lock(db, kept.conversation_id)
    conversation.operator_id = None
    db.delete(kept)
    db.flush()
    changed(db, conversation, "conversation.unlinked", journal.SYSTEM, now)
    operator = db.get(Operator, operator_id)
    if operator is not None:
        _note(db, operator, "friend_unlinked", now)
    return True


@dataclass(frozen=True, slots=True)
class Link:
    """How a person's link stands."""

    account_id: str
    name: str | None
    is_blocked: bool
    since: datetime
    told_on: str | None
    told_count: int
    held_back: str | None
    delivery: str | None  # how the newest one fared, as deliveries say it
    delivery_reason: str | None


def find_link(db: Session, operator_id: str) -> Link | None:
    """None when they are nobody's friend."""
    kept = db.get(OperatorFriend, operator_id)
    if kept is None:
        return None
    conversation = db.get_one(Conversation, kept.conversation_id)
    friend = db.get_one(Friend, conversation.friend_id)
    sent = db.get(Delivery, kept.delivery_id) if kept.delivery_id is not None else None
    return Link(
        account_id=kept.account_id,
        name=friend.display_name,
        is_blocked=friend.is_blocked,
        since=kept.since,
        told_on=kept.told_on,
        told_count=kept.told_count,
        held_back=kept.held_back,
        delivery=sent.state if sent is not None else None,
        delivery_reason=sent.reason if sent is not None else None,
    )


@dataclass(frozen=True, slots=True)
class Letter:
    """A notice by LINE. source: unique, it names the retry key. day: that the cap counts."""

    messages: list[dict[str, Any]]
    source: str
    day: str
    cap: int
    has_quota: bool


def tell(db: Session, operator_id: str, letter: Letter, now: datetime) -> HeldBack | None:
    """Write down a push to an operator's LINE; None when it goes out, else what held it back."""
    kept = db.get(OperatorFriend, operator_id, with_for_update=True)
    if kept is None:
        return None
    conversation = db.get_one(Conversation, kept.conversation_id)
    if kept.told_on != letter.day:
        kept.told_on, kept.told_count = letter.day, 0
    held: HeldBack | None = None
    if db.get_one(Friend, conversation.friend_id).is_blocked:
        held = "blocked"
    elif not letter.has_quota:
        held = "quota"
    elif kept.told_count >= letter.cap:
        held = "cap"
    else:
        parcel = Parcel(letter.messages, letter.source, is_push_only=True)
        kept.delivery_id = deliver(db, conversation, parcel, now).id
        kept.told_count += 1
    kept.held_back = held
    db.add(kept)
    return held


def forget_tries(db: Session, now: datetime) -> None:
    """Wrong codes and codes that are over."""
    db.execute(delete(FriendCodeTry).where(col(FriendCodeTry.at) < now - LIFE))
    db.execute(delete(FriendCode).where(col(FriendCode.expires_at) < now))


def _open_codes(db: Session, account_id: str, now: datetime) -> list[FriendCode]:
    query = select(FriendCode).where(
        col(FriendCode.account_id) == account_id, col(FriendCode.expires_at) > now
    )
    return list(db.scalars(query.with_for_update()))


def _is_limited(db: Session, conversation: Conversation, now: datetime) -> bool:
    recent = select(func.count()).where(
        col(FriendCodeTry.account_id) == conversation.account_id,
        col(FriendCodeTry.at) > now - LIFE,
    )
    of_friend = recent.where(col(FriendCodeTry.friend_id) == conversation.friend_id)
    return (
        int(db.scalar(of_friend) or 0) >= MOST_TRIES
        or int(db.scalar(recent) or 0) >= MOST_OF_ACCOUNT
    )


def _is_right(row: FriendCode, code: str) -> bool:
    return hmac.compare_digest(row.mark, _mark(row.operator_id, code))


def _mark(operator_id: str, code: str) -> str:
    return sha256(f"friend_code:{operator_id}:{code}".encode()).hexdigest()


def _note(db: Session, operator: Operator, kind: str, now: datetime) -> None:
    by = {"kind": "operator", "id": operator.id, "name": operator.name}
    note(db, Deed(kind, by, (operator.id, operator.name)), now)
