"""Talks given by rule: to the customer's owner, to who answered last, in turn, or to who has least.

Off by default. The ways of a queue are tried in their order, among those who are there, serve the
queue and may see the account, and have fewer open talks than the limit; nobody found, it waits. The
one who gives holds one row meanwhile, so that two workers count the same talks and take turns.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, select
from sqlmodel import Session, col

from storage import journal
from storage.deliveries import never_left
from storage.desk_rules import Rule, Rules, Way, get_rules
from storage.dialects import insert_into
from storage.holding import give
from storage.models.desk import AssignmentHead, AssignmentTurn
from storage.models.people import Customer
from storage.models.talks import Conversation, Handoff, Message
from storage.prepared import Prepared
from storage.standing import Colleague, receiving
from storage.talks import activity, changed, open_handoff

THE_HEAD = 1


@dataclass(frozen=True, slots=True)
class Waiting:
    """A talk that nobody holds. put_back_by: who let go of it, and does not get it again."""

    id: str
    account: str
    queue: str | None
    owner_id: str | None
    put_back_by: str | None


@dataclass(frozen=True, slots=True)
class Choice:
    """Who gets a talk, and by which way."""

    colleague: Colleague
    way: Way


def is_wanted(db: Session, now: datetime) -> bool:
    """Whether anything waits that a rule can give: told without a write, because it is asked all
    the time."""
    rules = get_rules(db)
    if not any(rule.assign for rule in (rules.house, *rules.queues.values())):
        return False
    waiting = [talk for talk in _waiting(db, now) if rules.of(talk.queue).assign]
    staff = receiving(db, now) if waiting else []
    turns = _turns(db) if staff else {}
    return any(_choose(db, rules, staff, turns, talk) for talk in waiting if staff)


def assign_next(db: Session, now: datetime) -> bool:
    """Give one talk, the one that has waited longest first; False when there is none to give."""
    head = db.get_one(AssignmentHead, THE_HEAD, with_for_update=True, populate_existing=True)
    rules, staff = get_rules(db), receiving(db, now)
    if not staff:
        return False
    turns = _turns(db)
    for talk in _waiting(db, now):
        choice = _choose(db, rules, staff, turns, talk)
        if choice is not None and _give(db, talk, choice, now):
            head.last_number += 1
            db.add(head)
            _note_turn(db, talk.queue or "", choice.colleague.id, head.last_number)
            return True
    return False


def _choose(
    db: Session,
    rules: Rules,
    staff: list[Colleague],
    turns: dict[tuple[str, str], int],
    talk: Waiting,
) -> Choice | None:
    rule = rules.of(talk.queue)
    able = [one for one in staff if _is_able(one, rule, talk)]
    for way in rule.assign or () if able else ():
        found = _by_way(db, way, able, turns, talk)
        if found is not None:
            return Choice(found, way)
    return None


def _is_able(one: Colleague, rule: Rule, talk: Waiting) -> bool:
    has_room = not rule.most_open or one.open_count < rule.most_open
    return has_room and one.serves(talk.account, talk.queue) and one.id != talk.put_back_by


def _by_way(
    db: Session,
    way: Way,
    able: list[Colleague],
    turns: dict[tuple[str, str], int],
    talk: Waiting,
) -> Colleague | None:
    def turn(one: Colleague) -> tuple[int, str, str]:
        return turns.get((talk.queue or "", one.id), 0), one.name, one.id

    match way:
        case "owner":
            return next((one for one in able if one.id == talk.owner_id), None)
        case "sticky":
            last = _last_who_answered(db, talk.id)
            return next((one for one in able if one.id == last), None)
        case "round_robin":
            return min(able, key=turn)
        case "least_busy":
            return min(able, key=lambda one: (one.open_count, *turn(one)))


def _give(db: Session, talk: Waiting, choice: Choice, now: datetime) -> bool:
    """False when somebody else has the talk in hand right now, or was faster."""
    query = select(Conversation).where(col(Conversation.id) == talk.id)
    conversation = db.scalars(
        query.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    ).first()
    if conversation is None or conversation.status != "waiting" or conversation.assignee_id:
        return False
    give(db, conversation, choice.colleague.id, now)
    params = {"operator": choice.colleague.name, "way": choice.way, "queue": talk.queue}
    message = activity(db, conversation, "assigned_by_rule", params, now)
    handoff = open_handoff(db, conversation)
    touched = [message, handoff] if handoff is not None else [message]
    changed(db, conversation, "conversation.assigned", journal.SYSTEM, now, *touched)
    return True


def _waiting(db: Session, now: datetime) -> list[Waiting]:
    """What nobody holds, longest wait first. What came while its queue was closed waits for the
    opening."""
    is_open = and_(
        col(Handoff.conversation_id) == col(Conversation.id), col(Handoff.resolved_at).is_(None)
    )
    query = (
        select(
            col(Conversation.id),
            col(Conversation.account_id),
            col(Conversation.queue),
            col(Customer.owner_id),
            col(Conversation.put_back_by),
            col(Handoff.notify_at),
        )
        .join(Customer, col(Customer.id) == col(Conversation.customer_id))
        .outerjoin(Handoff, is_open)
        .where(
            col(Conversation.status) == "waiting",
            col(Conversation.assignee_id).is_(None),
            col(Conversation.operator_id).is_(None),
        )
        .order_by(col(Conversation.waiting_since), col(Conversation.id))
    )
    return [
        Waiting(id_, account, queue, owner_id, put_back_by)
        for id_, account, queue, owner_id, put_back_by, notify_at in db.execute(query)
        if notify_at is None or notify_at <= now
    ]


def _last_who_answered(db: Session, conversation_id: str) -> str | None:
    found = _LAST_ANSWER.first(db, {"of_talk": conversation_id})
    return found[0] if found is not None else None


_LAST_ANSWER = Prepared(
    select(col(Message.operator_id))
    .where(
        col(Message.conversation_id) == bindparam("of_talk"),
        col(Message.sender) == "operator",
        ~never_left(),
    )
    .order_by(col(Message.seq).desc())
    .limit(1)
)


def _turns(db: Session) -> dict[tuple[str, str], int]:
    return {(row.queue, row.operator_id): row.number for row in db.scalars(select(AssignmentTurn))}


def _note_turn(db: Session, queue: str, operator_id: str, number: int) -> None:
    row = {"queue": queue, "operator_id": operator_id, "number": number}
    statement = insert_into(db, AssignmentTurn).values(**row)
    db.execute(
        statement.on_conflict_do_update(
            index_elements=["queue", "operator_id"], set_={"number": number}
        )
    )
