"""The history of what was done at the console: who, what, to whom, when, from where.

A verb notes its deed, and the row is written at the end of the same unit, so that neither is there
without the other. Rows are chained: each hash is that of the hash before it and of the row, so a
row that is changed, taken out or put in later shows. No secret and no customer's words belong here:
kinds and parameters, which the screen puts into sentences.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Row, func, or_, select, update
from sqlmodel import Session, col

from storage.cursors import read_cursor, write_cursor
from storage.models.audit import AuditHead, AuditRow
from storage.models.operators import Operator

START = "0" * 64  # stands before the first row
HEAD = 1
PAGE = 50
VERIFY_PAGE = 1000
COMMAND = {"kind": "command"}  # the command line: whoever may use this machine
NOBODY = {"kind": "nobody"}  # a browser that is not signed in


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done. by: `by_operator`, COMMAND or NOBODY; params: names and figures."""

    kind: str
    by: Mapping[str, str]
    target: tuple[str, str] | None = None  # id and name
    address: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows. who: did it or had it done to them; kinds: any of these; to: exclusive."""

    who: str | None = None
    kinds: Sequence[str] = ()
    since: datetime | None = None
    to: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a walk along the chain found. broken_at: the first row that is not as it was written;
    `why`: `changed`, `missing` (rows between) or `cut` (rows at the end). missed: the length of the
    first noted head that is not passed."""

    rows: int
    head: str
    broken_at: int | None = None
    why: str | None = None
    passed_anchor: bool = False
    missed: int | None = None


def by_operator(operator: Operator, address: str = "") -> dict[str, str]:
    """A person, as the history names who did something, and from where."""
    person = {"kind": "operator", "id": operator.id, "name": operator.name}
    return {**person, "address": address} if address else person


def note(db: Session, deed: Deed, now: datetime) -> None:
    """Note a deed; its row is written when the unit is about to commit."""
    db.info.setdefault("deeds", []).append((deed, now))


def chain(db: Session) -> None:
    """Write the unit's deeds at the end of the chain. Called by `unit`."""
    deeds: list[tuple[Deed, datetime]] = db.info.pop("deeds", [])
    if not deeds:
        return
    # An update, not a select: it waits for the lock, and then sees what the other one wrote.
    head = db.execute(
        update(AuditHead)
        .where(col(AuditHead.id) == HEAD)
        .values(last_id=AuditHead.last_id + len(deeds))
        .returning(col(AuditHead.last_id), col(AuditHead.hash))
    ).one()
    hash_ = head.hash
    for id_, (deed, at) in enumerate(deeds, head.last_id - len(deeds) + 1):
        row = _row(id_, deed, at)
        hash_ = row.hash = _hash(hash_, row)
        db.add(row)
    db.execute(update(AuditHead).where(col(AuditHead.id) == HEAD).values(hash=hash_))
    db.flush()


def list_rows(
    db: Session, wanted: Wanted, cursor: str | None = None
) -> tuple[Sequence[AuditRow], str | None]:
    """One page, newest first, and the cursor of the next."""
    query = select(AuditRow).order_by(col(AuditRow.id).desc()).limit(PAGE + 1)
    if wanted.who is not None:
        query = query.where(
            or_(col(AuditRow.actor_id) == wanted.who, col(AuditRow.target_id) == wanted.who)
        )
    if wanted.kinds:
        query = query.where(col(AuditRow.kind).in_(list(wanted.kinds)))
    if wanted.since is not None:
        query = query.where(col(AuditRow.at) >= wanted.since)
    if wanted.to is not None:
        query = query.where(col(AuditRow.at) < wanted.to)
    if cursor is not None:
        query = query.where(col(AuditRow.id) < read_cursor(cursor, [int])[0])
    rows = db.scalars(query).all()
    more = write_cursor([rows[PAGE - 1].id]) if len(rows) > PAGE else None
    return rows[:PAGE], more


def find_head(db: Session) -> tuple[int, str]:
    """How many rows there are, and the hash of the last one."""
    end = _head(db)
    return end.last_id, end.hash


def verify(
    db: Session, anchor: str | None = None, noted: Mapping[int, str] | None = None
) -> Verdict:
    """Walk the whole chain. anchor: a head that was noted earlier, which it must still pass; noted:
    such heads by how many rows there were."""
    waiting = dict(noted or {})
    verdict = _walk(db, anchor, waiting)
    return replace(verdict, missed=min(waiting, default=None))


def _walk(db: Session, anchor: str | None, waiting: dict[int, str]) -> Verdict:
    """Heads that are passed are taken out of `waiting`."""
    if waiting.get(0) == START:
        del waiting[0]
    end = _head(db)  # first: what is added while we walk is beyond it
    before, count, passed = START, 0, anchor is None or anchor == START
    for row in _up_to(db, end.last_id):
        count += 1
        if row.id != count:
            return Verdict(count - 1, before, count, "missing", passed)
        if row.hash != _hash(before, row):
            return Verdict(count - 1, before, count, "changed", passed)
        before = row.hash
        passed = passed or before == anchor
        if waiting.get(count) == before:
            del waiting[count]
    if (end.last_id, end.hash) != (count, before):
        return Verdict(count, before, count + 1, "cut", passed)
    newest = db.execute(select(func.max(AuditRow.id))).scalar_one() or 0
    if newest > _head(db).last_id:  # put in without the head: not by us
        return Verdict(count, before, count + 1, "cut", passed)
    return Verdict(count, before, passed_anchor=passed)


def _head(db: Session) -> Row[tuple[int, str]]:
    query = select(col(AuditHead.last_id), col(AuditHead.hash)).where(col(AuditHead.id) == HEAD)
    return db.execute(query).one()


def _up_to(db: Session, last_id: int) -> Iterator[AuditRow]:
    """Every row in order, a page at a time: a history may be longer than the memory."""
    query = select(AuditRow).where(col(AuditRow.id) <= last_id).order_by(col(AuditRow.id))
    after = 0
    while rows := db.scalars(query.where(col(AuditRow.id) > after).limit(VERIFY_PAGE)).all():
        yield from rows
        after = rows[-1].id
        db.expunge_all()


def _row(id_: int, deed: Deed, at: datetime) -> AuditRow:
    target_id, target_name = deed.target or (None, None)
    return AuditRow(
        id=id_,
        at=at,
        kind=deed.kind,
        actor_kind=deed.by["kind"],
        actor_id=deed.by.get("id"),
        actor_name=deed.by.get("name"),
        target_id=target_id,
        target_name=target_name,
        address=deed.address or deed.by.get("address"),
        params=dict(deed.params),
        hash="",
    )


def _hash(before: str, row: AuditRow) -> str:
    """The row in one fixed writing, behind the hash before it."""
    written = [
        row.id,
        row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        row.kind,
        row.actor_kind,
        row.actor_id,
        row.actor_name,
        row.target_id,
        row.target_name,
        row.address,
        row.params,
    ]
    text = json.dumps(written, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(f"{before}{text}".encode()).hexdigest()
