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
    db: Session, versions: Sequence[NewVersion], note: str | None, now: datetime
) -> list[str]:
    """Make these the heads, and take out flows that are not among them; the ids that changed."""
    hold_lane(db, PUBLISHING)
    current = heads(db)
    changed_ids = []
    for version in versions:
        if db.get(FlowVersion, version.hash) is None:
            db.add(_numbered(db, version, now))
            db.flush()
        if current.get(version.flow_id) != version.hash:
            head = FlowHead(flow_id=version.flow_id, hash=version.hash, note=note, at=now)
            db.add(head)
            changed_ids.append(version.flow_id)
    for flow_id in sorted(set(current) - {version.flow_id for version in versions}):
        db.add(FlowHead(flow_id=flow_id, hash=None, note=note, at=now))
        changed_ids.append(flow_id)
    db.flush()
    return changed_ids


def publish_first(
    db: Session, versions: Sequence[NewVersion], note: str | None, now: datetime
) -> list[str]:
    """Publish where there never was a flow; of processes that start together, one does it."""
    hold_lane(db, PUBLISHING)
    return [] if has_any(db) else publish(db, versions, note, now)


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


def history(db: Session) -> list[Published]:
    """Every publish, newest first; the folder's shared files are left out."""
    query = (
        select(FlowHead, FlowVersion)
        .outerjoin(FlowVersion, col(FlowVersion.hash) == col(FlowHead.hash))
        .where(col(FlowHead.flow_id) != FOLDER)
        .order_by(col(FlowHead.id).desc())
    )
    return [
        Published(
            flow_id=head.flow_id,
            title=version.title if version else head.flow_id,
            number=version.number if version else None,
            hash=head.hash,
            note=head.note,
            at=head.at,
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
