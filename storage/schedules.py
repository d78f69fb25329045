"""The moments at which the clock starts flows: timers that belong to no talk.

When one is due, every customer gets an inside arrival in their own queue, some hundreds at a time,
so that no transaction is long and nobody waits behind it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, func, select, true
from sqlmodel import Session, col

from storage import journal
from storage.arrivals import add_inside
from storage.bell import TIMERS
from storage.dialects import insert_into
from storage.models.people import Account, Friend
from storage.models.talks import Conversation
from storage.models.work import Timer

KIND = "schedule"
NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # a schedule that is over must be known, not begin anew
AT_ONCE = 200  # customers told in one transaction


@dataclass(frozen=True, slots=True)
class Schedule:
    """One trigger of a flow. when: its text; another text is another schedule, and counts anew.

    accounts: on which the flow runs; empty: on all.
    """

    flow: str
    number: int
    when: str
    accounts: tuple[str, ...] = ()


NextMoment = Callable[[Schedule], datetime | None]  # None: there is none any more


def plan(db: Session, schedules: Sequence[Schedule], next_moment: NextMoment) -> None:
    """Make these the schedules, and no others; one that is known keeps its moment."""
    wanted = {_key(schedule): schedule for schedule in schedules}
    for timer in db.scalars(select(Timer).where(col(Timer.kind) == KIND)).all():
        schedule = wanted.pop(timer.key, None)
        if schedule is None:
            db.delete(timer)
        elif timer.data["when"] == schedule.when:
            timer.data = {**timer.data, "accounts": list(schedule.accounts)}
            db.add(timer)
        else:
            _set(db, timer, schedule, next_moment)
    for key, schedule in wanted.items():
        _begin(db, key, schedule, next_moment(schedule))
    journal.ring_later(db, TIMERS)


def fire(db: Session, now: datetime, next_moment: NextMoment) -> int:
    """Tell the next customers of a schedule that is due; how many there were.

    After the last of them the schedule waits for its next moment. What came while we were off
    comes once, however often it would have come.
    """
    timer = db.scalars(
        select(Timer)
        .where(col(Timer.kind) == KIND, col(Timer.due_at) <= now)
        .order_by(col(Timer.due_at), col(Timer.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if timer is None:
        return 0
    schedule = _of(timer)
    talks = _next_talks(db, schedule, timer.data["after"])
    for talk in talks:
        add_inside(db, talk, "scheduled", {"flow": schedule.flow, "number": schedule.number}, now)
    if len(talks) == AT_ONCE:
        timer.data = {**timer.data, "after": talks[-1].customer_id}
        db.add(timer)
    else:
        _set(db, timer, schedule, next_moment)
    return len(talks) or 1


def _next_talks(db: Session, schedule: Schedule, after: str) -> Sequence[Conversation]:
    """One talk of each customer: of those where they can be reached, the latest; none of us."""
    latest = func.row_number().over(
        partition_by=col(Conversation.customer_id),
        order_by=(col(Conversation.updated_at).desc(), col(Conversation.account_id)),
    )
    accounts: ColumnElement[bool] = true()
    if schedule.accounts:
        accounts = col(Conversation.account_id).in_(schedule.accounts)
    ranked = (
        select(col(Conversation.id).label("id"), latest.label("rank"))
        .join(Friend, col(Friend.id) == col(Conversation.friend_id))
        .join(Account, col(Account.id) == col(Conversation.account_id))
        .where(
            col(Conversation.customer_id) > after,
            col(Conversation.operator_id).is_(None),
            col(Friend.is_blocked).is_(False),
            col(Account.is_active).is_(True),
            accounts,
        )
        .subquery()
    )
    return db.scalars(
        select(Conversation)
        .join(ranked, ranked.c.id == col(Conversation.id))
        .where(ranked.c.rank == 1)
        .order_by(col(Conversation.customer_id))
        .limit(AT_ONCE)
    ).all()


def _key(schedule: Schedule) -> str:
    return f"{schedule.flow}:{schedule.number}"


def _of(timer: Timer) -> Schedule:
    data = timer.data
    return Schedule(data["flow"], data["number"], data["when"], tuple(data["accounts"]))


def _data(schedule: Schedule) -> dict[str, object]:
    return {
        "flow": schedule.flow,
        "number": schedule.number,
        "when": schedule.when,
        "accounts": list(schedule.accounts),
        "after": "",
    }


def _set(db: Session, timer: Timer, schedule: Schedule, next_moment: NextMoment) -> None:
    """Wait for the next moment. One that has none stays as it is known, for ever in the future."""
    timer.data = _data(schedule)
    timer.due_at = next_moment(schedule) or NEVER
    db.add(timer)


def _begin(db: Session, key: str, schedule: Schedule, due_at: datetime | None) -> None:
    row = {"kind": KIND, "key": key, "data": _data(schedule), "due_at": due_at or NEVER}
    db.execute(insert_into(db, Timer).values(**row).on_conflict_do_nothing())
