"""Where the files of customers lie: under the hash of their content, told by their first bytes.

Streamed with a cap; what a file claims to be does not count, and no name from outside ever reaches
the disk.
"""

import hashlib
import math
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.line_client import Content
from storage import failpoints
from storage.jobs import Stored

MAX_BYTES = 200 * 1024 * 1024  # LINE's own limit for a video
CHUNK_BYTES = 64 * 1024
PLAIN = "application/octet-stream"

HALF = ".part-"  # of the name of a file on its way, here as in `console.kept_files`
HALF_HERE_S = 3600.0  # no file takes that long

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
        handle, name = tempfile.mkstemp(dir=self.path, prefix=HALF)
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in _capped(content):
                    size += len(chunk)
                    head = head if len(head) >= HEAD_BYTES else (head + chunk)[:HEAD_BYTES]
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            failpoints.reach("file fetched")
            place = self.place(digest.hexdigest())
            place.parent.mkdir(exist_ok=True)
            os.replace(name, place)  # atomic, and the path is our own
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        return Stored(digest.hexdigest(), mime_of(head), size)

    def sweep(self) -> int:
        """Delete what was half here when a process died; how many files there were."""
        longest_ago = time.time() - HALF_HERE_S
        halves = [half for half in self.path.glob(f"{HALF}*") if _written_at(half) < longest_ago]
        for half in halves:
            half.unlink(missing_ok=True)
        return len(halves)


def _written_at(file: Path) -> float:
    """When it was last written; one that is gone meanwhile is never old."""
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return math.inf


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
