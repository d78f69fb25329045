"""The rules of the counter: for the house, and for each queue what differs from it.

A value that is None is the house's; what the house leaves open is off. They are read anew in each
unit of work: one small row, so that every process knows them at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from storage.models.desk import DeskRules
from storage.prepared import Prepared
from storage.refusals import StaleRules

Way = Literal["owner", "sticky", "round_robin", "least_busy"]
WAYS: tuple[Way, ...] = get_args(Way)
THE_ROW = 1


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for a queue. Minutes and counts: 0 is off, or never; None: as the house has it.

    hours: whether targets count while the queue is open only. assign: the ways to find somebody,
    first to last; () is off. most_open: talks that wait for one person, beyond which the rule gives
    them no more. reopen_to: who gets a talk that opens again.
    """

    first_minutes: int | None = None
    next_minutes: int | None = None
    hours: Literal["open", "always"] | None = None
    assign: tuple[Way, ...] | None = None
    most_open: int | None = None
    return_minutes: int | None = None
    reopen_minutes: int | None = None
    reopen_to: Literal["person", "queue"] | None = None

    def over(self, house: "Rule") -> "Rule":
        """This rule, with the house's values where it has none."""
        own = {f.name: getattr(self, f.name) for f in fields(self)}
        return Rule(**{k: getattr(house, k) if v is None else v for k, v in own.items()})

    def to_json(self) -> dict[str, Any]:
        """As it is stored and shown: every key."""
        shown = {f.name: getattr(self, f.name) for f in fields(self)}
        return {**shown, "assign": None if self.assign is None else list(self.assign)}

    @staticmethod
    def from_json(tree: Mapping[str, Any]) -> "Rule":
        """What `to_json` made."""
        assign = tree.get("assign")
        return Rule(**{**tree, "assign": None if assign is None else tuple(assign)})


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that managers decided. version: 0 before the first decision."""

    version: int = 0
    house: Rule = Rule()
    queues: Mapping[str, Rule] = field(default_factory=dict)

    def of(self, queue: str | None) -> Rule:
        """What holds for a queue."""
        own = self.queues.get(queue or "")
        return self.house if own is None else own.over(self.house)


def get_rules(db: Session) -> Rules:
    """The rules as they are."""
    version, tree = _THE_RULES.one(db, {"id": THE_ROW})
    queues = {name: Rule.from_json(rule) for name, rule in tree["queues"].items()}
    return Rules(version, Rule.from_json(tree["house"]), queues)


_THE_RULES = Prepared(
    select(col(DeskRules.version), col(DeskRules.rules)).where(col(DeskRules.id) == bindparam("id"))
)


def put_rules(db: Session, new: Rules, by: str, now: datetime) -> Rules:
    """Decide anew. new.version: of the rules that were looked at. Raises StaleRules."""
    row = db.get_one(DeskRules, THE_ROW, with_for_update=True, populate_existing=True)
    if new.version != row.version:
        raise StaleRules
    row.rules = {
        "house": new.house.to_json(),
        "queues": {name: rule.to_json() for name, rule in new.queues.items()},
    }
    row.version, row.changed_at, row.changed_by = new.version + 1, now, by
    db.add(row)
    db.flush()
    return Rules(row.version, new.house, new.queues)
