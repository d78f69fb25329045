"""Who is at the counter: present, away (離席), out (不在), or not signed in; and how busy they are.

Presence says whether a browser of theirs is there; the switch 受付中/離席 and 不在 are their own
word, and outlast the browser.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from storage.models.desk import OperatorStanding
from storage.models.operators import Operator, OperatorAccount, Presence, QueueMember
from storage.models.talks import Conversation

State = Literal["there", "away", "out", "offline"]
BUSY = ("waiting", "active")  # what waits for the one who holds it


@dataclass(frozen=True, slots=True)
class Colleague:
    """One person at the counter. open_count: talks that wait for them.

    accounts, queues: None is every one. out_until: of those who are out and said until when.
    """

    id: str
    name: str
    role: str
    state: State
    is_receiving: bool
    out_until: datetime | None
    open_count: int
    accounts: frozenset[str] | None
    queues: frozenset[str] | None

    def serves(self, account: str, queue: str | None) -> bool:
        """Whether talks of this account and queue are theirs to answer."""
        is_allowed = self.accounts is None or account in self.accounts
        return is_allowed and (self.queues is None or queue in self.queues)


def list_colleagues(db: Session, now: datetime) -> list[Colleague]:
    """Everybody who has joined and may work, by name."""
    query = select(Operator).where(
        col(Operator.is_disabled).is_(False), col(Operator.password_hash) != ""
    )
    operators = db.scalars(query.order_by(col(Operator.name), col(Operator.id))).all()
    standings = {row.operator_id: row for row in db.scalars(select(OperatorStanding))}
    here, open_counts = _here(db, now), _open_counts(db)
    accounts = _places(
        db, select(col(OperatorAccount.operator_id), col(OperatorAccount.account_id))
    )
    queues = _places(db, select(col(QueueMember.operator_id), col(QueueMember.queue)))
    return [
        Colleague(
            id=o.id,
            name=o.name,
            role=o.role,
            state=_state(standings.get(o.id), now, is_here=here.get(o.id)),
            is_receiving=o.id not in standings or standings[o.id].is_receiving,
            out_until=standings[o.id].absent_until if o.id in standings else None,
            open_count=open_counts.get(o.id, 0),
            accounts=accounts.get(o.id),
            queues=queues.get(o.id),
        )
        for o in operators
    ]


def receiving(db: Session, now: datetime) -> list[Colleague]:
    """Those who can be given a talk now."""
    found = list_colleagues(db, now)
    return [one for one in found if one.state == "there" and one.role != "viewer"]


def is_out(db: Session, operator_id: str, now: datetime) -> bool:
    """Whether somebody said that they are out, and it is not over."""
    return _is_out(db.get(OperatorStanding, operator_id), now)


def set_receiving(db: Session, operator_id: str, *, is_receiving: bool) -> None:
    """受付中 or 離席: whether the rule may give them talks."""
    standing = _standing(db, operator_id)
    standing.is_receiving = is_receiving
    db.add(standing)


def set_out(db: Session, operator_id: str, by: str, until: datetime | None, now: datetime) -> None:
    """From now on they are out; without an end, until somebody says otherwise."""
    standing = _standing(db, operator_id)
    standing.absent_since, standing.absent_until, standing.absent_by = now, until, by
    db.add(standing)


def set_back(db: Session, operator_id: str) -> None:
    """They are back. Nothing moves by itself."""
    standing = _standing(db, operator_id)
    standing.absent_since = standing.absent_until = standing.absent_by = None
    db.add(standing)


def _standing(db: Session, operator_id: str) -> OperatorStanding:
    known = db.get(OperatorStanding, operator_id, with_for_update=True)
    return known or OperatorStanding(operator_id=operator_id)


def _is_out(standing: OperatorStanding | None, now: datetime) -> bool:
    if standing is None or standing.absent_since is None:
        return False
    return standing.absent_until is None or now < standing.absent_until


def _state(standing: OperatorStanding | None, now: datetime, *, is_here: bool | None) -> State:
    """is_here: a browser that is not idle; None: no browser at all."""
    if _is_out(standing, now):
        return "out"
    if is_here is None:
        return "offline"
    is_receiving = standing is None or standing.is_receiving
    return "there" if is_here and is_receiving else "away"


def _here(db: Session, now: datetime) -> dict[str, bool]:
    found: dict[str, bool] = {}
    query = select(col(Presence.operator_id), col(Presence.doing))
    for operator_id, doing in db.execute(query.where(col(Presence.until_at) > now)):
        found[operator_id] = found.get(operator_id, False) or doing != "away"
    return found


def _open_counts(db: Session) -> dict[str, int]:
    query = (
        select(col(Conversation.assignee_id), func.count())
        .where(col(Conversation.assignee_id).is_not(None), col(Conversation.status).in_(BUSY))
        .group_by(col(Conversation.assignee_id))
    )
    return {str(operator_id): count for operator_id, count in db.execute(query)}


def _places(db: Session, query: Select[str, str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for operator_id, place in db.execute(query):
        found.setdefault(operator_id, set()).add(place)
    return {operator_id: frozenset(places) for operator_id, places in found.items()}
