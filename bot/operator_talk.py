"""The talk of one of us: before any flow hears it, because no flow may answer it."""

import unicodedata
from datetime import datetime

from sqlmodel import Session

from bot.notice_words import say
from storage import operator_friends
from storage.deliveries import Parcel, deliver
from storage.incoming import Incoming, offer_reply
from storage.models.operators import Operator
from storage.models.talks import Conversation
from storage.models.work import Arrival

UNLINK = frozenset({"解除", "通知を解除", "unlink", "stop"})


def is_of_operator(
    db: Session, conversation: Conversation, incoming: Incoming, arrival: Arrival, now: datetime
) -> bool:
    """Whether an operator says it, or somebody who tries to become known as one."""
    text = incoming.text if incoming.kind == "text" else None
    operator_id = conversation.operator_id
    if operator_id is not None:
        if arrival.kind == "message":
            _hear_own(db, conversation, operator_id, text, arrival, now)
        return True
    heard = operator_friends.hear_code(db, conversation, text, now) if text else None
    if heard is None:
        return False
    word = "wrong" if heard == "wrong" else "linked"
    _answer(db, conversation, conversation.operator_id, word, arrival, now=now)
    return True


def _hear_own(
    db: Session,
    conversation: Conversation,
    operator_id: str,
    text: str | None,
    arrival: Arrival,
    now: datetime,
) -> None:
    folded = unicodedata.normalize("NFKC", text or "").strip().casefold()
    is_over = folded in UNLINK and operator_friends.unlink(db, operator_id, now)
    word = "unlinked" if is_over else "own_talk"
    _answer(db, conversation, operator_id, word, arrival, now=now)


def _answer(
    db: Session,
    conversation: Conversation,
    operator_id: str | None,
    word: str,
    arrival: Arrival,
    *,
    now: datetime,
) -> None:
    """By the free reply; it is written into no talk."""
    operator = db.get(Operator, operator_id) if operator_id else None
    language = operator.language if operator is not None else "ja"
    text = say(word, language, name=operator.name if operator is not None else "")
    offer_reply(db, conversation, arrival)
    parcel = Parcel([{"type": "text", "text": text}], f"operator_talk:{arrival.event_id}")
    deliver(db, conversation, parcel, now)
