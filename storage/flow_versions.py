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
from storage.models.operators import Operator
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
    by: str | None = None,
) -> list[str]:
    """Make these the heads, and take out flows that are not among them; the ids that changed.

    by: the operator, where one is known.
    """
    hold_lane(db, PUBLISHING)
    current = heads(db)
    for version in versions:
        if db.get(FlowVersion, version.hash) is None:
            db.add(_numbered(db, version, now))
            db.flush()
    wanted: dict[str, str | None] = {version.flow_id: version.hash for version in versions}
    wanted |= dict.fromkeys(sorted(set(current) - set(wanted)))
    changed = {id_: hash_ for id_, hash_ in wanted.items() if current.get(id_) != hash_}
    for flow_id, hash_ in changed.items():
        db.add(FlowHead(flow_id=flow_id, hash=hash_, note=note, at=now, operator_id=by))
    db.flush()
    return list(changed)


def roll_back(
    db: Session, version: FlowVersion, note: str | None, now: datetime, by: str | None = None
) -> None:
    """Make an older version what new runs take; a move of the pointer like any other."""
    head = FlowHead(flow_id=version.flow_id, hash=version.hash, note=note, at=now, operator_id=by)
    db.add(head)
    db.flush()


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


def find_numbered(db: Session, flow_id: str, number: int) -> FlowVersion | None:
    """A version of a flow by its number."""
    return db.scalars(
        select(FlowVersion).where(
            col(FlowVersion.flow_id) == flow_id, col(FlowVersion.number) == number
        )
    ).first()


def find_by_hash(db: Session, beginning: str) -> Sequence[FlowVersion]:
    """The versions of flows whose hash begins so; at most two, which is too many already."""
    query = select(FlowVersion).where(
        col(FlowVersion.hash).startswith(beginning, autoescape=True),
        col(FlowVersion.flow_id) != FOLDER,
    )
    return db.scalars(query.limit(2)).all()


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
    by: str | None = None  # the operator's name


def history(db: Session, flow_id: str | None = None) -> list[Published]:
    """Every publish (or those of one flow), newest first; without the folder's shared files."""
    query = (
        select(FlowHead, FlowVersion, col(Operator.name))
        .outerjoin(FlowVersion, col(FlowVersion.hash) == col(FlowHead.hash))
        .outerjoin(Operator, col(Operator.id) == col(FlowHead.operator_id))
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
            by=name,
        )
        for head, version, name in db.execute(query)
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
