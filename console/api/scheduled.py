"""Messages for a later moment: listed, kept, changed, sent before their moment, deleted.

Words and moment are changed by who scheduled it, or a leader. Who holds the talk may stop it too.
"""

from collections.abc import Callable
from datetime import datetime

from sqlmodel import Session

from console import drafting_bodies as bodies
from console.api.talks import at_now
from console.door import Asker, House, Row
from console.planned_files import Said, counted_from
from console.refusals import Forbidden
from console.sending import check_messages, use_media, with_quote
from flows.line.render import text_of
from storage import scheduled
from storage.conversations import get_conversation
from storage.models.drafting import Scheduled
from storage.models.talks import Conversation
from storage.operators import LEADERS
from storage.scheduled import Change, Plan
from storage.scheduled_rows import list_open, scheduled_row


def list_scheduled(house: House, asker: Asker, query: dict[str, str]) -> Row:
    """What waits, and what was stopped and nobody has settled yet; soonest first."""

    def read(db: Session) -> Row:
        at = at_now(db, asker)
        found = list_open(db, asker.scope.accounts, query.get("conversation"))
        return {"items": [scheduled_row(db, one) for one in found], "next": None, "at": at}

    return house.store.read(read)


def add(house: House, asker: Asker, talk_id: str, body: bodies.NewScheduled) -> tuple[Row, int]:
    """Keep one: 201, or 200 for what is here already."""
    messages = body.as_messages()
    check_messages(house, messages)
    words = [text for text in map(text_of, messages) if text]

    def write(db: Session) -> tuple[Row, int]:
        talk, now = get_conversation(db, asker.scope, talk_id), house.clock()
        said = with_quote(db, talk, messages, body.quoted_seq)
        told = use_media(house, db, talk, said, now)
        said, origins = counted_from(house, db, talk, (said, told), body.send_at, now)
        plan = Plan(
            body.client_msg_id, said, "\n".join(words) or None, body.send_at,
            body.stops_on_reply, origins,
        )  # fmt: skip
        one, is_new = scheduled.schedule(db, talk_id, asker.operator, plan, now)
        return scheduled_row(db, one), 201 if is_new else 200

    return house.store.write(write)


def change(house: House, asker: Asker, scheduled_id: str, body: bodies.ScheduledChange) -> Row:
    """Other words, another moment."""

    def work(db: Session) -> Scheduled:
        one, now = scheduled.get_scheduled(db, scheduled_id), house.clock()
        said = _lasting(house, db, one, body.send_at or one.send_at)
        to = Change(body.version, body.text, body.send_at, body.stops_on_reply, said)
        return scheduled.change(db, scheduled_id, asker.operator, to, now)

    return _done(house, asker, scheduled_id, work)


def send(house: House, asker: Asker, scheduled_id: str, body: bodies.ScheduledVersion) -> Row:
    """Do not wait for its moment."""

    def work(db: Session) -> Scheduled:
        now = house.clock()
        said = _lasting(house, db, scheduled.get_scheduled(db, scheduled_id), now)
        return scheduled.send_now(
            db, scheduled_id, asker.operator, Change(body.version, said=said), now
        )

    return _done(house, asker, scheduled_id, work)


def remove(house: House, asker: Asker, scheduled_id: str, body: bodies.ScheduledVersion) -> Row:
    """It is not to go out."""

    def work(db: Session) -> Scheduled:
        now = house.clock()
        return scheduled.remove(db, scheduled_id, asker.operator, body.version, now)

    return _done(house, asker, scheduled_id, work, is_for_holder=True)


def _lasting(house: House, db: Session, one: Scheduled, send_at: datetime) -> Said:
    """What it says, with its files' days counted from another moment."""
    talk = db.get_one(Conversation, one.conversation_id)
    said = (one.messages, one.origins)
    return counted_from(house, db, talk, said, send_at, house.clock())


def _done(
    house: House,
    asker: Asker,
    scheduled_id: str,
    work: Callable[[Session], Scheduled],
    *,
    is_for_holder: bool = False,
) -> Row:
    def write(db: Session) -> Row:
        found = scheduled.get_scheduled(db, scheduled_id)
        talk = get_conversation(db, asker.scope, found.conversation_id)
        _check(asker, found, talk, is_for_holder=is_for_holder)
        return scheduled_row(db, work(db))

    return house.store.write(write)


def _check(asker: Asker, found: Scheduled, talk: Conversation, *, is_for_holder: bool) -> None:
    is_holder = is_for_holder and talk.assignee_id == asker.operator.id
    is_own = found.operator_id == asker.operator.id
    if not (is_own or is_holder or asker.role in LEADERS):
        raise Forbidden
