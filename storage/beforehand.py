"""What there is of a person and their talk before a turn, asked for in one statement.

Most talks have no fields, no earlier runs, nothing that waits: what is not there needs no statement
of its own. On PostgreSQL each costs more than the rest of what a turn does with its answer.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, exists, func, literal_column, select
from sqlmodel import Session, col

from storage.lookups import remember
from storage.models.drafting import Scheduled
from storage.models.flows import Run
from storage.models.people import Customer, CustomerField, CustomerTag, Friend
from storage.models.talks import SAYS_NOTHING, Conversation, Message
from storage.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Beforehand:
    """Of a talk that is held. name: of the person. has_spoken_since: something newer is there.

    has_line: a line of the same message is there, because a change of it came first.
    """

    name: str
    has_fields: bool
    has_runs: bool
    has_past: bool
    has_scheduled: bool
    has_spoken_since: bool
    has_line: bool


def look(
    db: Session, conversation: Conversation, at: datetime, line_message_id: str | None
) -> Beforehand:
    """Look at the talk before what came into it, at LINE's moment, is written there."""
    values = {
        "of_talk": conversation.id,
        "of_friend": conversation.friend_id,
        "of_message": line_message_id,
        "moment": at,
    }
    own, display, any_display, url, is_blocked, has_tags, *has = _LOOK.one(db, values)
    remember(db, conversation, (own or display or "", url, is_blocked), has_tags=bool(has_tags))
    return Beforehand(own or any_display or "", *map(bool, has))


def has_spoken_since(db: Session, conversation: Conversation, moment: datetime) -> bool:
    """Whether the customer wrote after a moment of LINE's time."""
    return _SPOKEN.first(db, {"of_talk": conversation.id, "moment": moment}) is not None


_IS_LATER_WORD = and_(
    col(Message.conversation_id) == bindparam("of_talk"),
    col(Message.sender) == "customer",
    *(col(Message.kind) != kind for kind in sorted(SAYS_NOTHING)),
    col(Message.at) > bindparam("moment"),
)
_SPOKEN = Prepared(select(col(Message.id)).where(_IS_LATER_WORD).limit(1))
_OF_TALK = col(Run.conversation_id) == bindparam("of_talk")
_LOOK = Prepared(
    select(
        col(Customer.name),
        col(Friend.display_name),
        select(func.max(col(Friend.display_name)))
        .where(col(Friend.customer_id) == col(Customer.id))
        .correlate(Customer)
        .scalar_subquery(),
        col(Friend.picture_url),
        col(Friend.is_blocked),
        exists().where(col(CustomerTag.customer_id) == col(Customer.id)),
        exists().where(col(CustomerField.customer_id) == col(Customer.id)),
        exists().where(_OF_TALK, col(Run.ended_at).is_(None)),
        exists().where(_OF_TALK, col(Run.ended_at).is_not(None)),
        exists().where(
            col(Scheduled.conversation_id) == bindparam("of_talk"),
            col(Scheduled.state) == literal_column("'waiting'"),
        ),
        exists().where(_IS_LATER_WORD),
        exists().where(
            col(Message.conversation_id) == bindparam("of_talk"),
            col(Message.line_message_id) == bindparam("of_message"),
        ),
    )
    .join_from(Friend, Customer, col(Customer.id) == col(Friend.customer_id))
    .where(col(Friend.id) == bindparam("of_friend"))
)
