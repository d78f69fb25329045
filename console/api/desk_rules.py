"""The rules of the counter: leaders read them, managers who see every account change them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlmodel import Session

from console import desk_bodies
from console.api.house import shared_files
from console.door import Asker, House, Row
from console.refusals import Forbidden
from storage import audit, desk_rules, lateness, rows
from storage.audit import Deed, by_operator
from storage.desk_rules import Rule, Rules
from storage.models.desk import DeskRules
from storage.opening import hours_of, is_open


def get(house: House, asker: Asker) -> Row:
    """The rules, and what they hold for."""
    return house.store.read(lambda db: _shown(db, asker, house.clock()))


def put(house: House, asker: Asker, body: desk_bodies.RulesChange) -> Row:
    """Decide anew. Clocks that run are settled by the new targets."""
    if not _may_change(asker):
        raise Forbidden
    now = house.clock()
    queues = {name: rule.as_rule() for name, rule in body.queues.items()}
    new = Rules(body.version, body.house.as_rule(), queues)

    def write(db: Session) -> Row:
        before = desk_rules.get_rules(db)
        _check_queues(db, new)
        desk_rules.put_rules(db, new, asker.operator.name, now)
        changes = list(_changes(before, new))
        if changes:
            by = by_operator(asker.operator, asker.address)
            audit.note(db, Deed("desk_rules_changed", by, params={"changes": changes}), now)
            lateness.look_at_all(db, now)
        return _shown(db, asker, now)

    return house.store.write(write)


def _may_change(asker: Asker) -> bool:
    """They hold for every account, so only who sees them all decides."""
    return asker.role == "manager" and asker.scope.accounts is None


def _check_queues(db: Session, new: Rules) -> None:
    """Queues that are gone from the flows folder keep nothing. Raises ValueError."""
    unknown = set(new.queues) - set(shared_files(db).queues.names)
    if unknown:
        raise ValueError(f"queues: there is no queue {sorted(unknown)[0]!r}")


def _changes(before: Rules, after: Rules) -> Iterator[list[Any]]:
    """[queue or "", what, before, after] of everything that is different."""
    pairs = [("", before.house, after.house)]
    pairs += [
        (name, before.queues.get(name, Rule()), after.queues.get(name, Rule()))
        for name in sorted({*before.queues, *after.queues})
    ]
    for name, was, now_is in pairs:
        old, new = was.to_json(), now_is.to_json()
        yield from ([name, key, old[key], new[key]] for key in old if old[key] != new[key])


def _shown(db: Session, asker: Asker, now: datetime) -> Row:
    rules, queues = desk_rules.get_rules(db), shared_files(db).queues
    row = db.get_one(DeskRules, desk_rules.THE_ROW, populate_existing=True)
    return {
        "version": rules.version,
        "changed_at": rows.moment(row.changed_at),
        "changed_by": row.changed_by,
        "may_change": _may_change(asker),
        "house": rules.house.to_json(),
        "queues": [
            {
                "queue": name,
                "hours": queues.hours[name].text if name in queues.hours else None,
                "is_open": is_open(hours_of(db, name), now),
                "accounts": list(queues.accounts.get(name, ())),
                "rule": rules.queues.get(name, Rule()).to_json(),
            }
            for name in queues.names
        ],
    }
