"""One thing done to many talks: each in a unit of its own, with the same checks as done alone.

A talk that cannot be done hinders no other; the answer says of each how it went. Between two units
whatever else waits has its turn.
"""

from collections.abc import Callable
from typing import assert_never

from sqlmodel import Session

from console.api.moves import check_may_give, find_assignee
from console.bulk_bodies import Bulk, Deed, GiveThem, MoveThem, SnoozeThem, TagThem, TalkSeen
from console.door import Asker, House, Row
from console.words import say
from storage import conversations, customers, desk, rows, undoing
from storage.desk import Assignment
from storage.journal import actor_of
from storage.models.talks import Conversation
from storage.refusals import LostRace, Refusal
from storage.talks import lock

CHECKED_FOR_EPOCH = ("assign", "snooze", "resolve", "return")
Work = Callable[[Session, Conversation], object]


def run(house: House, asker: Asker, body: Bulk) -> Row:
    """How each talk fared, in the order in which they were named."""
    if isinstance(body.do, SnoozeThem) and body.do.until <= house.clock():
        raise ValueError("until: a moment in the future")
    unique = {talk.id: talk for talk in body.talks}
    return {"items": [_fare(house, asker, seen, body.do) for seen in unique.values()]}


def _fare(house: House, asker: Asker, seen: TalkSeen, do: Deed) -> Row:
    """One talk. code: done; same, when it was so already; or of the refusal."""
    work = _work_of(house, asker, seen, do)

    def write(db: Session) -> Row:
        conversations.get_conversation(db, asker.scope, seen.id)
        talk = lock(db, seen.id)
        if do.action in CHECKED_FOR_EPOCH and talk.epoch != seen.epoch:
            raise LostRace(conversation=rows.conversation_row(db, talk))
        before = talk.version
        work(db, talk)
        row = rows.conversation_row(db, talk)
        code = "same" if row["version"] == before else "done"
        return {"id": seen.id, "code": code, "message": None, "conversation": row}

    try:
        return house.store.write(write)
    except Refusal as refusal:
        sentence = say(getattr(refusal, "said_as", refusal.code), asker.language)
        row = refusal.details.get("conversation")
        return {"id": seen.id, "code": refusal.code, "message": sentence, "conversation": row}


def _work_of(house: House, asker: Asker, seen: TalkSeen, do: Deed) -> Work:
    match do:
        case GiveThem():
            return _give(house, asker, do)
        case SnoozeThem():
            return lambda db, talk: desk.snooze(
                db, talk.id, asker.operator, do.until, house.clock()
            )
        case TagThem():
            return _tag(house, asker, do)
        case MoveThem():
            return _move(house, asker, seen, do)
        case _:
            assert_never(do)


def _give(house: House, asker: Asker, do: GiveThem) -> Work:
    def work(db: Session, talk: Conversation) -> object:
        check_may_give(asker, talk, talk.epoch)
        to = find_assignee(db, do.operator_id, talk) if do.operator_id else None
        given = Assignment(to, do.queue, talk.epoch)
        return desk.assign(db, talk.id, asker.operator, given, house.clock())

    return work


def _tag(house: House, asker: Asker, do: TagThem) -> Work:
    actor, now = actor_of(asker.operator), house.clock()
    reason = {"operator_id": asker.operator.id, "operator_name": asker.operator.name}
    if do.action == "tag":
        return lambda db, talk: customers.put_tag(db, talk.customer_id, do.tag, reason, actor, now)
    return lambda db, talk: customers.take_tag(db, talk.customer_id, do.tag, actor, now)


def _move(house: House, asker: Asker, seen: TalkSeen, do: MoveThem) -> Work:
    by, now = asker.operator, house.clock()
    match do.action:
        case "resolve":
            return lambda db, talk: desk.resolve(db, talk.id, by, now)
        case "reopen":
            return lambda db, talk: undoing.reopen_by_hand(db, talk.id, by, now)
        case "wake":
            return lambda db, talk: undoing.wake_by_hand(db, talk.id, by, now)
        case "return":
            return lambda db, talk: desk.return_to_bot(db, talk.id, by, now)
        case "seen":
            return lambda db, talk: desk.mark_seen(db, talk.id, by, seen.seq, now)
        case "unseen":
            return lambda db, talk: undoing.mark_unseen(db, talk.id, by, now)
        case _:
            assert_never(do.action)
