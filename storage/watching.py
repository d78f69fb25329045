"""The counter at a glance, for those who see that nobody is forgotten.

Everything is counted on this side of the wall. Who is at the console is told by their sockets; what
they said themselves (that they take no new talks, that they are out) stands beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlmodel import Session, col

from storage.conversations import WITH_PEOPLE, Scope
from storage.cursors import read_cursor, write_cursor
from storage.lookups import by_id, people_of
from storage.models.desk import OperatorStanding
from storage.models.operators import Operator, Presence
from storage.models.talks import Conversation, Handoff
from storage.operators import is_joined, list_operators

MOST_IN_A_LIST = 20
NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # stands for "no wait", after every wait
PAGE = 50
There = Literal["here", "away", "gone"]
Figure = Literal["waiting", "alone", "after_hours", "handed_today", "at_risk", "late"]
FIGURES: tuple[Figure, ...] = get_args(Figure)
Held = Literal["active", "pending"]
HELD: tuple[Held, ...] = get_args(Held)


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, and when today began in the workspace's zone."""

    now: datetime
    midnight: datetime


@dataclass(frozen=True, slots=True)
class Tiles:
    """Numbers of talks. after_hours: they wait, and were asked for while the shop was closed.

    handed_today: for which a flow asked for a person since midnight. at_risk, late: by the promises
    of the counter.
    """

    waiting: int
    alone: int
    after_hours: int
    handed_today: int
    at_risk: int
    late: int
    longest_since: datetime | None
    longest_id: str | None


@dataclass(frozen=True, slots=True)
class Seat:
    """One person at the console. there: by their sockets. talk: that they look at now.

    oldest_since: since when the customer has waited who has waited longest for them.
    """

    operator_id: str
    name: str
    role: str
    there: There
    is_receiving: bool
    is_out: bool
    active: int
    pending: int
    oldest_since: datetime | None
    seen_at: datetime | None
    talk_id: str | None
    talk_name: str | None
    is_composing: bool


def count_tiles(db: Session, scope: Scope, account: str | None, at: Moment) -> Tiles:
    """What stands at the top."""
    longest = next(iter(longest_waits(db, scope, account)), None)
    counts = {}
    for figure in FIGURES:
        query = select(func.count()).select_from(Conversation).where(*_of(figure, at))
        counts[figure] = int(db.scalar(_seen(query, scope, account)) or 0)
    return Tiles(
        **counts,
        longest_since=longest.waiting_since if longest is not None else None,
        longest_id=longest.id if longest is not None else None,
    )


def longest_waits(db: Session, scope: Scope, account: str | None) -> Sequence[Conversation]:
    """The talks whose customers have waited longest for a person."""
    query = _seen(select(Conversation), scope, account).where(
        col(Conversation.waiting_since).is_not(None), col(Conversation.status).in_(WITH_PEOPLE)
    )
    query = query.order_by(col(Conversation.waiting_since), col(Conversation.id))
    found: Sequence[Conversation] = db.scalars(query.limit(MOST_IN_A_LIST)).all()
    return found


def soonest_due(
    db: Session, scope: Scope, account: str | None, now: datetime
) -> Sequence[Conversation]:
    """The talks whose promised answer is late, or soon will be."""
    query = _seen(select(Conversation), scope, account).where(
        col(Conversation.reply_risk_at) <= now, col(Conversation.reply_due_at).is_not(None)
    )
    query = query.order_by(col(Conversation.reply_due_at), col(Conversation.id))
    found: Sequence[Conversation] = db.scalars(query.limit(MOST_IN_A_LIST)).all()
    return found


def talks_behind(
    db: Session, scope: Scope, account: str | None, figure: Figure, at: Moment, after: str | None
) -> tuple[Sequence[Conversation], str | None]:
    """One page of the talks behind a tile, the longest wait first, and the next cursor."""
    query = _seen(select(Conversation), scope, account).where(*_of(figure, at))
    return _page(db, query, after)


def talks_held(
    db: Session, scope: Scope, account: str | None, operator_id: str, held: Held, after: str | None
) -> tuple[Sequence[Conversation], str | None]:
    """The same for the talks of one person in one status."""
    query = _seen(select(Conversation), scope, account).where(
        col(Conversation.assignee_id) == operator_id, col(Conversation.status) == held
    )
    return _page(db, query, after)


def _page(db: Session, query: Any, after: str | None) -> tuple[Sequence[Conversation], str | None]:
    wait = func.coalesce(col(Conversation.waiting_since), NEVER)
    if after is not None:
        since, last = read_cursor(after, [datetime, str])
        query = query.where(or_(wait > since, and_(wait == since, col(Conversation.id) > last)))
    query = query.order_by(wait, col(Conversation.id))
    found = db.scalars(query.limit(PAGE + 1)).all()
    page: Sequence[Conversation] = found[:PAGE]
    if len(found) == len(page):
        return page, None
    return page, write_cursor([page[-1].waiting_since or NEVER, page[-1].id])


def _of(figure: Figure, at: Moment) -> list[ColumnElement[bool]]:
    status = col(Conversation.status)
    due, risk = col(Conversation.reply_due_at), col(Conversation.reply_risk_at)
    match figure:
        case "waiting":
            return [status == "waiting"]
        case "alone":
            return [col(Conversation.assignee_id).is_(None), status.in_(WITH_PEOPLE)]
        case "after_hours":
            return [status == "waiting", _open_handoff_after_hours()]
        case "handed_today":
            return [_asked_by_flow_since(at.midnight)]
        case "at_risk":
            return [risk <= at.now, due > at.now]
        case "late":
            return [due <= at.now]


def list_seats(db: Session, scope: Scope, account: str | None, now: datetime) -> list[Seat]:
    """Everybody who may work at the console, by name."""
    people = [one for one in list_operators(db) if not one.is_disabled and is_joined(one)]
    present = _present(db, now)
    held = _held(db, scope, account)
    standings = {one.operator_id: one for one in db.scalars(select(OperatorStanding))}
    names = _names(db, scope, [row.conversation_id for row in present])
    return [
        _seat(
            one,
            [row for row in present if row.operator_id == one.id],
            held.get(one.id, {}),
            standings.get(one.id),
            names,
            now,
        )
        for one in people
    ]


def _seat(
    one: Operator,
    sockets: Sequence[Presence],
    held: Mapping[str, Any],
    standing: OperatorStanding | None,
    names: Mapping[str, str],
    now: datetime,
) -> Seat:
    looks = [row for row in sockets if row.doing != "away" and row.conversation_id in names]
    at = max(looks, key=lambda row: (row.doing == "composing", row.until_at), default=None)
    is_here = any(row.doing != "away" for row in sockets)
    return Seat(
        operator_id=one.id,
        name=one.name,
        role=one.role,
        there="here" if is_here else "away" if sockets else "gone",
        is_receiving=standing is None or standing.is_receiving,
        is_out=standing is not None and _is_out(standing, now),
        active=held.get("active", 0),
        pending=held.get("pending", 0),
        oldest_since=held.get("oldest"),
        seen_at=one.seen_at,
        talk_id=at.conversation_id if at is not None else None,
        talk_name=names.get(at.conversation_id or "") if at is not None else None,
        is_composing=at is not None and at.doing == "composing",
    )


def _is_out(standing: OperatorStanding, now: datetime) -> bool:
    since, until = standing.absent_since, standing.absent_until
    return since is not None and since <= now and (until is None or now < until)


def _present(db: Session, now: datetime) -> Sequence[Presence]:
    return db.scalars(select(Presence).where(col(Presence.until_at) > now)).all()


def _held(db: Session, scope: Scope, account: str | None) -> dict[str, dict[str, Any]]:
    """By operator: how many talks of each status, and the oldest wait among them."""
    query = select(
        col(Conversation.assignee_id),
        col(Conversation.status),
        func.count(),
        func.min(col(Conversation.waiting_since)),
    ).where(col(Conversation.assignee_id).is_not(None), col(Conversation.status).in_(WITH_PEOPLE))
    query = _seen(query, scope, account)
    query = query.group_by(col(Conversation.assignee_id), col(Conversation.status))
    held: dict[str, dict[str, Any]] = {}
    for operator_id, status, number, oldest in db.execute(query):
        mine = held.setdefault(operator_id, {})
        mine[status] = number
        if oldest is not None:
            mine["oldest"] = min(oldest, mine.get("oldest", oldest))
    return held


def _names(db: Session, scope: Scope, talk_ids: Sequence[str | None]) -> dict[str, str]:
    """What the customers are called whose talks are looked at, and may be seen."""
    talks = [
        one for one in by_id(db, Conversation, talk_ids).values() if scope.allows(one.account_id)
    ]
    people = people_of(db, [one.friend_id for one in talks]) if talks else {}
    return {one.id: people[one.friend_id][0] for one in talks}


def _asked_by_flow_since(since: datetime) -> ColumnElement[bool]:
    asked = select(col(Handoff.conversation_id)).where(
        col(Handoff.run_id).is_not(None), col(Handoff.asked_at) >= since
    )
    return col(Conversation.id).in_(asked)


def _open_handoff_after_hours() -> ColumnElement[bool]:
    """The staff are told at the opening (`notify_at`), and nobody has taken it yet."""
    return (
        select(col(Handoff.id))
        .where(
            col(Handoff.conversation_id) == col(Conversation.id),
            col(Handoff.resolved_at).is_(None),
            col(Handoff.taken_at).is_(None),
            col(Handoff.notify_at).is_not(None),
        )
        .exists()
    )


def _seen(query: Any, scope: Scope, account: str | None) -> Any:
    query = query.where(col(Conversation.operator_id).is_(None))  # one of us is no customer
    if scope.accounts is not None:
        query = query.where(col(Conversation.account_id).in_(scope.accounts))
    if account is not None:
        query = query.where(col(Conversation.account_id) == account)
    return query
