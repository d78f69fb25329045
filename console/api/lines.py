"""The lines of a talk as they are read: pages both ways, a day's first line, a file once more."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlmodel import Session

from console import bodies
from console.api.talks import at_now, read_limit
from console.door import Asker, House, Row
from storage import conversations, jobs, lines, rows
from storage.models.talks import Conversation
from storage.refusals import NotFound

SIDES = ("before", "after", "around")


def list_messages(house: House, asker: Asker, talk_id: str, query: dict[str, str]) -> Row:
    """One page, oldest first: the newest, or that before, after or around a `seq`.

    `next` is the `before` of the page above, `newer` the `after` of the page below.
    """
    asked = [(side, _seq(query[side])) for side in SIDES if side in query]
    if len(asked) > 1:
        raise ValueError("one of before, after and around")

    def read(db: Session) -> Row:
        at = at_now(db, asker)
        talk = conversations.get_conversation(db, asker.scope, talk_id)
        side, seq = asked[0] if asked else ("before", None)
        return {**page_row(db, _page(db, talk, side, seq, read_limit(query))), "at": at}

    return house.store.read(read)


def page_row(db: Session, page: lines.Lines) -> Row:
    """Lines, and where the pages above and below begin."""
    items = rows.message_rows(db, page.messages)
    return {"items": items, "next": page.older, "newer": page.newer}


def find_day(house: House, asker: Asker, talk_id: str, query: dict[str, str]) -> Row:
    """The first line of a day, as the organisation counts days; of a day without, the next one."""
    day = date.fromisoformat(query.get("date", ""))
    begins = datetime.combine(day, time(), ZoneInfo(house.settings.timezone)).astimezone(UTC)

    def read(db: Session) -> Row:
        talk = conversations.get_conversation(db, asker.scope, talk_id)
        return {"seq": lines.first_since(db, talk, begins)}

    return house.store.read(read)


def fetch_again(house: House, asker: Asker, media_id: str) -> Row:
    """Ask LINE once more for a file that could not be had; the line as it is then."""

    def write(db: Session) -> Row:
        message = jobs.message_of_media(db, media_id)
        if message is None:
            raise NotFound
        conversations.get_conversation(db, asker.scope, message.conversation_id)
        jobs.fetch_again(db, media_id, house.clock())
        return rows.message_row(db, message)

    return house.store.write(write)


def _page(db: Session, talk: Conversation, side: str, seq: int | None, limit: int) -> lines.Lines:
    if seq is None or side == "before":
        return lines.lines_before(db, talk, seq, limit)
    find = lines.lines_after if side == "after" else lines.lines_around
    return find(db, talk, seq, limit)


def _seq(asked: str) -> int:
    return max(0, min(int(asked), bodies.MAX_SEQ))
