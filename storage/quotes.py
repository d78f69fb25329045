"""Lines that quote others: LINE names the quoted one by its id, an answer by LINE's token for it.

Which line is quoted is looked up once, when the quoting one is written, so that a row stays what
it was. A quote of what we never saw is a quote of something unknown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage.models.talks import Message


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message as LINE took it: its id, and the token that quotes it where it has one."""

    id: str
    quote_token: str | None = None


def token_of(content: Mapping[str, Any], sender: str) -> str | None:
    """With what a customer's line can be quoted. Our own get theirs when LINE has taken them."""
    token = content.get("quoteToken") if sender == "customer" else None
    return token if isinstance(token, str) and token else None


def find_quoted(
    db: Session, conversation_id: str, content: Mapping[str, Any], sender: str
) -> int | None:
    """The seq of the line that this content quotes."""
    if sender == "customer":
        named, column = content.get("quotedMessageId"), col(Message.line_message_id)
    else:
        named, column = content.get("quoteToken"), col(Message.quote_token)
    if not isinstance(named, str) or not named:
        return None
    query = select(col(Message.seq)).where(
        col(Message.conversation_id) == conversation_id, column == named
    )
    return db.scalar(query.order_by(col(Message.seq).desc()).limit(1))


def note_accepted(lines: Sequence[Message], accepted: Sequence[Accepted]) -> None:
    """LINE took these lines: they can be quoted from now on. accepted: in their order."""
    for message, one in zip(lines, accepted, strict=False):
        message.line_message_id, message.quote_token = one.id, one.quote_token
