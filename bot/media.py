"""Files that customers send: fetched from LINE at once, because LINE drops them.

Streamed with a cap, told by their first bytes and not by what they claim to be, and kept under
the hash of their content, so that no name from outside ever reaches the disk.
"""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import urllib3

from bot.line_client import Content, LineUnreachable
from storage import jobs
from storage.jobs import MediaJob, Stored

if TYPE_CHECKING:
    from bot.worker import Means

log = logging.getLogger(__name__)

AT_ONCE = 4
MAX_BYTES = 200 * 1024 * 1024  # LINE's own limit for a video
CHUNK_BYTES = 64 * 1024
PLAIN = "application/octet-stream"

HEAD_BYTES = 16  # enough to tell what a file is

# What a file is, by the bytes at these places, all of them: one alone can stand in anything. What
# the console may show as it is goes by this; everything else is only ever downloaded.
_FIRST_BYTES: tuple[tuple[dict[int, bytes], str], ...] = (
    ({0: b"\xff\xd8\xff"}, "image/jpeg"),
    ({0: b"\x89PNG\r\n\x1a\n"}, "image/png"),
    ({0: b"GIF87a"}, "image/gif"),
    ({0: b"GIF89a"}, "image/gif"),
    ({0: b"RIFF", 8: b"WEBP"}, "image/webp"),
    ({0: b"RIFF", 8: b"WAVE"}, "audio/wav"),
    ({0: b"\0\0", 4: b"ftypM4A"}, "audio/mp4"),
    ({0: b"\0\0", 4: b"ftyphei"}, "image/heic"),
    ({0: b"\0\0", 4: b"ftypmif1"}, "image/heic"),
    ({0: b"\0\0", 4: b"ftypavif"}, "image/avif"),
    ({0: b"\0\0", 4: b"ftyp"}, "video/mp4"),
    ({0: b"ID3"}, "audio/mpeg"),
    ({0: b"\xff\xfb"}, "audio/mpeg"),
    ({0: b"%PDF-"}, "application/pdf"),
)


class TooLarge(Exception):
    """The file is larger than we keep."""


@dataclass(frozen=True, slots=True)
class MediaFolder:
    """Where files lie, by the hash of their content."""

    path: Path

    def place(self, sha256: str) -> Path:
        """The file of a hash."""
        return self.path / sha256[:2] / sha256

    def keep(self, content: Content) -> Stored:
        """Stream a file to its place. Raises TooLarge."""
        self.path.mkdir(parents=True, exist_ok=True)
        digest, size, head = hashlib.sha256(), 0, b""
        handle, name = tempfile.mkstemp(dir=self.path, prefix=".part-")
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in _capped(content):
                    size += len(chunk)
                    head = head if len(head) >= HEAD_BYTES else (head + chunk)[:HEAD_BYTES]
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            place = self.place(digest.hexdigest())
            place.parent.mkdir(exist_ok=True)
            os.replace(name, place)  # atomic, and the path is our own
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return Stored(digest.hexdigest(), mime_of(head), size)


def _capped(content: Content) -> Iterator[bytes]:
    size = 0
    for chunk in content.response.stream(CHUNK_BYTES):
        size += len(chunk)
        if size > MAX_BYTES:
            raise TooLarge
        yield chunk


def mime_of(head: bytes) -> str:
    """What a file is, by its first bytes."""
    for parts, mime in _FIRST_BYTES:
        if all(head.startswith(part, offset) for offset, part in parts.items()):
            return mime
    return PLAIN


def fetch_media(means: Means) -> int:
    """Fetch what is due; how many there were."""
    now = means.clock()
    due = means.store.write(lambda db: jobs.claim_media(db, now, AT_ONCE))
    for job in due:
        _record(means, job, _fetch(means, job))
    return len(due)


def erase_media(means: Means) -> int:
    """Delete what customers took back; how many files there were."""
    now = means.clock()
    due = means.store.write(lambda db: jobs.claim_erasures(db, now, AT_ONCE))
    for erasure in due:
        if not erasure.is_shared:
            means.media.place(erasure.sha256).unlink(missing_ok=True)
        means.store.write(lambda db, e=erasure: jobs.record_erasure(db, e.media_id))  # type: ignore[misc] # bound now
    return len(due)


def _record(means: Means, job: MediaJob, result: Stored | str | None) -> None:
    now = means.clock()
    if result is None:
        means.store.write(lambda db: jobs.put_media_off(db, job.media_id, now))
    else:
        means.store.write(lambda db: jobs.record_media(db, job.media_id, result, now))


def _fetch(means: Means, job: MediaJob) -> Stored | str | None:
    """The stored file, why there will be none, or None to try again."""
    known = means.accounts.find(job.account_id)
    if known is None:
        return None
    try:
        with means.client.content(job.line_message_id, known[1].token) as found:
            if isinstance(found, str):
                return "expired" if found == "expired" else None
            return means.media.keep(found)
    except TooLarge:
        return "too_large"
    except (LineUnreachable, urllib3.exceptions.HTTPError, OSError) as error:
        log.info("a file is put off: %s", type(error).__name__)
        return None
