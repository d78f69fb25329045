"""What staff send beside text: kept before it is sent, and dropped in time.

What nobody sends is dropped after a week; a file that was sent, when the day comes that its card
tells. Pictures, films and sounds stay as long as their talk: phones fetch them again. What is to
be sent later is kept until then, and a file's days count from there.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from storage.contents import is_needed
from storage.models.talks import Conversation
from storage.models.uploads import Upload
from storage.refusals import NotFound, TooManyUploads

UNSENT_LASTS = timedelta(days=7)
FILE_LASTS = timedelta(days=31)  # 30 whole days, whenever the first one began
RATE_WINDOW = timedelta(minutes=10)
RATE_COUNT = 60
DAY = timedelta(days=1)
DAY_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Kept:
    """What lies on the disk now, under the hash of its content. width: of a picture alone;
    duration_ms: of a film or a sound.
    """

    kind: str
    name: str
    mime: str
    size_bytes: int
    sha256: str
    preview_sha256: str | None = None
    width: int | None = None
    height: int | None = None
    duration_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is to be sent. conversation_id None: to many friends of the account at once."""

    account_id: str
    conversation_id: str | None = None


@dataclass(frozen=True, slots=True)
class Dropping:
    """An upload whose time is over, and those of its files that nothing else needs.

    until: when it is looked at again, if it is still there; who uses it meanwhile moves that.
    """

    upload_id: str
    hashes: tuple[str, ...]
    until: datetime


def place_in(talk: Conversation) -> Place:
    """What is sent in one talk."""
    return Place(talk.account_id, talk.id)


def find_known(db: Session, operator_id: str, client_upload_id: str) -> Upload | None:
    """What this operator gave before under the same id."""
    return db.scalars(
        select(Upload).where(
            col(Upload.operator_id) == operator_id,
            col(Upload.client_upload_id) == client_upload_id,
        )
    ).first()


def stays(db: Session, upload: Upload, now: datetime) -> None:
    """It was given again: its week begins anew."""
    if upload.used_at is None:
        upload.created_at, upload.due_at = now, now + UNSENT_LASTS
        db.add(upload)


def check_rate(db: Session, operator_id: str, now: datetime) -> None:
    """Raises TooManyUploads."""
    since = now - RATE_WINDOW
    own = col(Upload.operator_id) == operator_id
    recent = select(func.count(), func.min(col(Upload.created_at))).where(
        own, col(Upload.created_at) > since
    )
    count, first = db.execute(recent).one()
    if count >= RATE_COUNT:
        raise TooManyUploads(wait_s=max(1, int((first - since).total_seconds())))
    bytes_today = select(func.coalesce(func.sum(col(Upload.size_bytes)), 0)).where(
        own, col(Upload.created_at) > now - DAY
    )
    if db.execute(bytes_today).scalar_one() >= DAY_BYTES:
        raise TooManyUploads(wait_s=int(RATE_WINDOW.total_seconds()))


def keep_upload(
    db: Session,
    place: Place,
    operator_id: str,
    client_upload_id: str,
    kept: Kept,
    now: datetime,
) -> Upload:
    """A new one, or the one that is here already under the same id; a dropped one comes back."""
    known = find_known(db, operator_id, client_upload_id)
    if known is not None and not is_over(known, now):
        return known
    upload = known or Upload(
        client_upload_id=client_upload_id,
        account_id=place.account_id,
        conversation_id=place.conversation_id,
        operator_id=operator_id,
        created_at=now,
        **asdict(kept),
    )
    upload.sha256, upload.preview_sha256 = kept.sha256, kept.preview_sha256
    upload.created_at, upload.used_at, upload.dropped_at = now, None, None
    upload.expires_at = now + FILE_LASTS if kept.kind == "file" else None
    upload.due_at = now + UNSENT_LASTS
    db.add(upload)
    db.flush()
    return upload


def own_unsent(db: Session, operator_id: str, upload_id: str) -> Upload:
    """What an operator gave and has not sent. Raises NotFound."""
    upload = db.get(Upload, upload_id, with_for_update=True)
    is_theirs = upload is not None and upload.operator_id == operator_id
    if upload is None or not is_theirs or upload.used_at or upload.dropped_at:
        raise NotFound("there is no such upload that was not sent")
    return upload


def withdraw(db: Session, upload: Upload, now: datetime) -> None:
    """Its operator does not want to send it: the next sweep drops it."""
    upload.due_at = now
    db.add(upload)


def use(db: Session, account_id: str, ids: Iterable[str], now: datetime) -> dict[str, Upload]:
    """Uploads that an account sends, by id. Raises NotFound for one of another account."""
    found = {}
    for upload_id in ids:
        upload = db.get(Upload, upload_id, with_for_update=True)
        if upload is None or upload.account_id != account_id or is_over(upload, now):
            raise NotFound("there is no such upload")
        upload.used_at = upload.used_at or now
        upload.due_at = upload.expires_at
        db.add(upload)
        found[upload_id] = upload
    return found


def keep_until_sent(db: Session, upload: Upload, send_at: datetime) -> datetime | None:
    """Until when a customer may open what is sent to them then; None: as long as the talk."""
    if upload.expires_at is None:
        return None
    until = send_at + FILE_LASTS
    # An earlier message may promise a later day.
    upload.expires_at = upload.due_at = max(upload.expires_at, until)
    db.add(upload)
    return until


def files_of(origins: Sequence[Mapping[str, Any] | None]) -> list[str]:
    """The ids of the uploads that the origins of lines tell of."""
    told = [one["upload"] for one in origins if one and "upload" in one]
    return [one["id"] for one in told if "id" in one]


def let_go(db: Session, upload_ids: Sequence[str], now: datetime) -> None:
    """What they were for is not sent, and nothing else has them: the next sweep drops them."""
    for upload_id in upload_ids:
        upload = db.get(Upload, upload_id, with_for_update=True)
        if upload is not None and upload.dropped_at is None:
            upload.used_at, upload.due_at = None, now
            db.add(upload)


def is_over(upload: Upload, now: datetime) -> bool:
    """Whether a customer may not open it any more."""
    is_expired = upload.expires_at is not None and upload.expires_at <= now
    return upload.dropped_at is not None or is_expired


def claim_droppings(db: Session, now: datetime, limit: int) -> list[Dropping]:
    """Uploads whose time is over; each is put off, so that a crash only delays it."""
    due = db.scalars(
        select(Upload)
        .where(col(Upload.dropped_at).is_(None), col(Upload.due_at) <= now)
        .order_by(col(Upload.due_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    until = now + RATE_WINDOW
    for upload in due:
        upload.due_at = until
        db.add(upload)
    ids = [upload.id for upload in due]
    return [Dropping(upload.id, _unshared(db, upload, ids), until) for upload in due]


def is_still_over(db: Session, dropping: Dropping) -> bool:
    """Whether nobody has used it since it was claimed; it cannot be used until this unit ends."""
    upload = db.get(Upload, dropping.upload_id, with_for_update=True, populate_existing=True)
    return upload is not None and upload.dropped_at is None and upload.due_at == dropping.until


def record_dropping(db: Session, upload_id: str, now: datetime) -> None:
    """Its files are gone."""
    upload = db.get_one(Upload, upload_id)
    upload.dropped_at, upload.due_at = now, None
    db.add(upload)


def _unshared(db: Session, upload: Upload, going: Sequence[str]) -> tuple[str, ...]:
    """Files go by their content: a customer may have sent the very same one."""
    hashes = [one for one in (upload.sha256, upload.preview_sha256) if one is not None]
    return tuple(one for one in hashes if not is_needed(db, one, going))
