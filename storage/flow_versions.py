"""Published flows: immutable bundles under their hash, and the pointer to what new runs take.

The flow id `_folder` holds what the flows share (tags, fields, links, queues, calendars, FAQ).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from storage.dialects import hold_lane
from storage.models.flows import FlowHead, FlowVersion
from storage.refusals import NotFound

FOLDER = "_folder"
PUBLISHING = "flows:publish"  # a lane of its own: who comes second sees what the first has done


@dataclass(frozen=True, slots=True)
class NewVersion:
    """One bundle to be published."""

    flow_id: str
    hash: str
    title: str
    bundle: dict[str, Any]


def publish(
    db: Session,
    versions: Sequence[NewVersion],
    note: str | None,
    now: datetime,
    operator_id: str | None = None,
) -> list[str]:
    """Make these the heads, and take out flows that are not among them; the ids that changed.

    operator_id: who published, when it was somebody at the console.
    """
    hold_lane(db, PUBLISHING)
    current = heads(db)
    changed_ids = []
    for version in versions:
        if db.get(FlowVersion, version.hash) is None:
            db.add(_numbered(db, version, now))
            db.flush()
        if current.get(version.flow_id) != version.hash:
            _point(db, version.flow_id, version.hash, Move(note, operator_id, now))
            changed_ids.append(version.flow_id)
    for flow_id in sorted(set(current) - {version.flow_id for version in versions}):
        _point(db, flow_id, None, Move(note, operator_id, now))
        changed_ids.append(flow_id)
    db.flush()
    return changed_ids


def publish_first(
    db: Session, versions: Sequence[NewVersion], note: str | None, now: datetime
) -> list[str]:
    """Publish where there never was a flow; of processes that start together, one does it."""
    hold_lane(db, PUBLISHING)
    return [] if has_any(db) else publish(db, versions, note, now)


@dataclass(frozen=True, slots=True)
class Move:
    """One move of a flow's pointer: why, by whom, when."""

    note: str | None
    operator_id: str | None
    at: datetime


def roll_back(db: Session, flow_id: str, number: int, move: Move) -> FlowVersion:
    """Let new runs take an earlier version again, as a new entry. Raises NotFound."""
    hold_lane(db, PUBLISHING)
    version = get_numbered(db, flow_id, number)
    if heads(db).get(flow_id) != version.hash:
        _point(db, flow_id, version.hash, move)
        db.flush()
    return version


def _point(db: Session, flow_id: str, hash_: str | None, move: Move) -> None:
    db.add(
        FlowHead(
            flow_id=flow_id,
            hash=hash_,
            note=move.note,
            operator_id=move.operator_id,
            at=move.at,
        )
    )


def heads(db: Session) -> Mapping[str, str]:
    """What new runs take: flow id → hash, `_folder` among them."""
    newest = select(func.max(col(FlowHead.id))).group_by(col(FlowHead.flow_id))
    rows = db.execute(
        select(col(FlowHead.flow_id), col(FlowHead.hash)).where(
            col(FlowHead.id).in_(newest), col(FlowHead.hash).is_not(None)
        )
    )
    return {row.flow_id: row.hash or "" for row in rows}


def last_change(db: Session) -> int:
    """A number that rises with every publish; cheap to look at."""
    return int(db.scalar(select(func.max(col(FlowHead.id)))) or 0)


def get_version(db: Session, hash_: str) -> FlowVersion:
    """Raises NotFound."""
    version = db.get(FlowVersion, hash_)
    if version is None:
        raise NotFound(f"there is no flow version {hash_!r}")
    return version


def get_numbered(db: Session, flow_id: str, number: int) -> FlowVersion:
    """A version by its number. Raises NotFound."""
    version = db.scalar(
        select(FlowVersion).where(
            col(FlowVersion.flow_id) == flow_id, col(FlowVersion.number) == number
        )
    )
    if version is None:
        raise NotFound(f"there is no version {number} of the flow {flow_id!r}")
    return version


def has_any(db: Session) -> bool:
    """Whether a flow was ever published here."""
    return last_change(db) > 0


@dataclass(frozen=True, slots=True)
class Published:
    """One move of the pointer, for the list of versions."""

    flow_id: str
    title: str
    number: int | None
    hash: str | None
    note: str | None
    at: datetime
    operator_id: str | None = None


def history(db: Session, flow_id: str | None = None) -> list[Published]:
    """Every publish (or those of one flow), newest first; without the folder's shared files."""
    query = (
        select(FlowHead, FlowVersion)
        .outerjoin(FlowVersion, col(FlowVersion.hash) == col(FlowHead.hash))
        .where(col(FlowHead.flow_id) != FOLDER)
        .order_by(col(FlowHead.id).desc())
    )
    if flow_id is not None:
        query = query.where(col(FlowHead.flow_id) == flow_id)
    return [
        Published(
            flow_id=head.flow_id,
            title=version.title if version else head.flow_id,
            number=version.number if version else None,
            hash=head.hash,
            note=head.note,
            at=head.at,
            operator_id=head.operator_id,
        )
        for head, version in db.execute(query)
    ]


def _numbered(db: Session, version: NewVersion, now: datetime) -> FlowVersion:
    query = select(func.max(col(FlowVersion.number))).where(
        col(FlowVersion.flow_id) == version.flow_id
    )
    return FlowVersion(
        hash=version.hash,
        flow_id=version.flow_id,
        title=version.title,
        number=(db.scalar(query) or 0) + 1,
        bundle=version.bundle,
        created_at=now,
    )
