"""Files by the hash of their content: customers and staff may each have the very same one.

Whoever puts a file there and says so in a row, and whoever takes one away, holds its content until
the unit ends. So no row ever tells of a file that went in the same moment.
"""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlmodel import Session, col

from storage.dialects import hold_lane
from storage.models.talks import Media
from storage.models.uploads import Upload


def hold(db: Session, sha256: str) -> None:
    """Wait until nobody else puts or takes this content, and keep it so until the unit ends."""
    hold_lane(db, f"content:{sha256}")


def is_needed(db: Session, sha256: str, but: Sequence[str] = ()) -> bool:
    """Whether the file of this content belongs to somebody. but: uploads that do not count."""
    return _has_upload(db, sha256, but) or _has_media(db, sha256)


def _has_upload(db: Session, sha256: str, but: Sequence[str]) -> bool:
    query = select(col(Upload.id)).where(
        or_(col(Upload.sha256) == sha256, col(Upload.preview_sha256) == sha256),
        col(Upload.dropped_at).is_(None),
        col(Upload.id).not_in(but),
    )
    return db.scalars(query.limit(1)).first() is not None


def _has_media(db: Session, sha256: str) -> bool:
    query = select(col(Media.id)).where(col(Media.sha256) == sha256, col(Media.state) != "unsent")
    return db.scalars(query.limit(1)).first() is not None
