"""What is fetched from LINE beside the talk: profiles, and the files that customers send.

Each is a row with its own due moment, tried again with growing waits, and given up in the open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from storage import journal
from storage.bell import JOBS
from storage.customers import set_profile
from storage.models.people import Friend
from storage.models.talks import Media, Message
from storage.refusals import NotFound
from storage.talks import changed, lock

MAX_TRIES = 8
FIRST_WAIT_S = 2


@dataclass(frozen=True, slots=True)
class ProfileJob:
    """A friend whose profile is to be fetched."""

    friend_id: str
    account_id: str
    line_user_id: str


@dataclass(frozen=True, slots=True)
class MediaJob:
    """A file that is to be fetched from LINE before LINE drops it."""

    media_id: str
    account_id: str
    line_message_id: str
    kind: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that is on our disk, named by its content."""

    sha256: str
    mime: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Erasure:
    """A file that must go, unless somebody else has the very same one."""

    media_id: str
    sha256: str


def claim_profiles(db: Session, now: datetime, limit: int) -> list[ProfileJob]:
    """Due profiles; each is put off already, so that a crash only delays it."""
    due = db.scalars(
        select(Friend)
        .where(col(Friend.profile_due_at) <= now)
        .order_by(col(Friend.profile_due_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for friend in due:
        friend.profile_tries += 1
        friend.profile_due_at = _next_try(friend.profile_tries, now)
        db.add(friend)
    return [ProfileJob(f.id, f.account_id, f.line_user_id) for f in due]


def record_profile(
    db: Session, friend_id: str, profile: Mapping[str, Any] | None, now: datetime
) -> None:
    """LINE's answer; None: LINE has no profile for us, so there is nothing to try again."""
    friend = db.get_one(Friend, friend_id)
    if profile is None:
        friend.profile_due_at = None
        db.add(friend)
        return
    set_profile(db, friend, profile, now)


def claim_media(db: Session, now: datetime, limit: int) -> list[MediaJob]:
    """Due files; each is put off already, so that a crash only delays it."""
    due = db.scalars(
        select(Media)
        .where(col(Media.state) == "pending", col(Media.due_at) <= now)
        .order_by(col(Media.due_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for media in due:
        media.tries += 1
        media.due_at = _next_try(media.tries, now) or now + timedelta(hours=1)
        db.add(media)
    return [MediaJob(m.id, m.account_id, m.line_message_id, m.kind) for m in due]


def record_media(db: Session, media_id: str, result: Stored | str, now: datetime) -> None:
    """A stored file, or why there is none: expired, too_large, failed."""
    media = db.get_one(Media, media_id, with_for_update=True)
    if isinstance(result, Stored):
        media.sha256, media.mime, media.size_bytes = result.sha256, result.mime, result.size_bytes
    if media.state == "unsent":  # taken back while we fetched it: to be deleted
        media.due_at = now
        db.add(media)
        return
    media.state = "ready" if isinstance(result, Stored) else result
    media.due_at = None
    db.add(media)
    _journal_media(db, media, now)


def fetch_soon(db: Session, media_id: str, now: datetime) -> None:
    """What was fetched is gone already: somebody took the very same file back meanwhile."""
    media = db.get_one(Media, media_id, with_for_update=True)
    if media.state == "pending":
        media.due_at = now
        db.add(media)
        journal.ring_later(db, JOBS)


def message_of_media(db: Session, media_id: str) -> Message | None:
    """The line that a file came with."""
    return db.scalars(select(Message).where(col(Message.media_id) == media_id)).first()


def fetch_again(db: Session, media_id: str, now: datetime) -> None:
    """Somebody asks for a file that we gave up; of any other nothing happens. Raises NotFound."""
    media = db.get(Media, media_id, with_for_update=True)
    if media is None:
        raise NotFound("there is no such file")
    if media.state != "failed":
        return
    media.state, media.tries, media.due_at = "pending", 0, now
    db.add(media)
    journal.ring_later(db, JOBS)
    _journal_media(db, media, now)


def claim_erasures(db: Session, now: datetime, limit: int) -> list[Erasure]:
    """Files that were taken back and are still on our disk."""
    due = db.scalars(
        select(Media)
        .where(col(Media.state) == "unsent", col(Media.due_at) <= now)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    erasures = []
    for media in due:
        if media.sha256 is None:  # never fetched
            media.due_at = None
        else:
            media.due_at = now + timedelta(seconds=FIRST_WAIT_S)
            erasures.append(Erasure(media.id, media.sha256))
        db.add(media)
    return erasures


def record_erasure(db: Session, media_id: str) -> None:
    """The file is gone."""
    media = db.get_one(Media, media_id)
    media.sha256, media.due_at = None, None
    db.add(media)


def put_media_off(db: Session, media_id: str, now: datetime) -> None:
    """Not ready yet, or no answer: the next try is set already; give up after the last."""
    media = db.get_one(Media, media_id)
    if media.tries >= MAX_TRIES:
        record_media(db, media_id, "failed", now)


def _next_try(tries: int, now: datetime) -> datetime | None:
    if tries >= MAX_TRIES:
        return None
    return now + timedelta(seconds=FIRST_WAIT_S * 4 ** (tries - 1))


def _journal_media(db: Session, media: Media, now: datetime) -> None:
    db.flush()
    messages: Sequence[Message] = db.scalars(
        select(Message).where(col(Message.media_id) == media.id)
    ).all()
    for message in messages:
        conversation = lock(db, message.conversation_id)
        changed(db, conversation, "message.media", journal.SYSTEM, now, message)
