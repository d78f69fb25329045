"""Films and sounds that staff send: whether a file is one that LINE takes, and how long it plays.

Read from the boxes of the file itself, never from what a browser says of it. Refused is what is cut
off, what has no table of contents, and what tells no length. Pictures and sound are not touched;
what phones write beside them (where it was recorded, by which camera) is blanked in its place.

LINE's Messaging API reference, "Video message" (mp4) and "Audio message" (m4a, its length in
milliseconds); checked 2026-08. The boxes: ISO/IEC 14496-12, "ISO base media file format".
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

ENDINGS = frozenset({".mp4", ".m4a"})
QUICKTIME = b"qt  "  # a .mov under another name: not every phone plays it
MOST_BOXES = 20_000
MOST_MS = 24 * 3600 * 1000  # of 20 MB, more is nonsense
SHORT, LONG = 8, 16  # the heads of a box
TO_THE_END, IS_LONG = 0, 1
BESIDE = frozenset({b"udta", b"meta", b"uuid"})  # what is told of a film, and no film
NOTHING = b"free"  # a box that players pass over
UNKNOWN = {0, 2**32 - 1, 2**64 - 1}


class NotPlayable(Exception):
    """It is no whole MP4 or M4A, or does not say how long it plays."""


@dataclass(frozen=True, slots=True)
class Film:
    """What a file is. kind: video or audio, as LINE calls them."""

    kind: str
    mime: str
    duration_ms: int


@dataclass(frozen=True, slots=True)
class _Box:
    name: memoryview
    body: memoryview

    @property
    def kind(self) -> bytes:
        return bytes(self.name)


def is_mp4(content: bytes) -> bool:
    """By its first bytes."""
    return content[4:8] == b"ftyp" and content[8:12] != QUICKTIME


def read_film(content: bytes) -> Film:
    """Raises NotPlayable."""
    if not is_mp4(content):
        raise NotPlayable
    try:
        moov = _one(memoryview(content), b"moov")
        handlers = {_handler(box) for box in _boxes(moov) if box.kind == b"trak"}
        length = _duration_ms(moov)
    except struct.error as error:
        raise NotPlayable from error
    if b"vide" in handlers:
        return Film("video", "video/mp4", length)
    if b"soun" in handlers:
        return Film("audio", "audio/mp4", length)
    raise NotPlayable


def without_marks(content: bytes) -> bytes:
    """The same film of the same length, with nothing told beside it. It must have been read before:
    nothing moves, so that what points into the file still points to the same.
    """
    blank = bytearray(content)
    whole = memoryview(blank)
    moov = _one(whole, b"moov")
    tracks = [box.body for box in _boxes(moov) if box.kind == b"trak"]
    for place in (whole, moov, *tracks):
        for box in [one for one in _boxes(place) if one.kind in BESIDE]:
            box.name[:] = NOTHING
            box.body[:] = bytes(len(box.body))
    return bytes(blank)


def _boxes(content: memoryview) -> Iterator[_Box]:
    at = 0
    for _ in range(MOST_BOXES):
        if at == len(content):
            return
        size = struct.unpack_from(">I4x", content, at)[0]
        head = SHORT
        if size == IS_LONG:
            head, size = LONG, struct.unpack_from(">Q", content, at + SHORT)[0]
        elif size == TO_THE_END:
            size = len(content) - at
        if size < head or at + size > len(content):
            raise NotPlayable
        yield _Box(content[at + 4 : at + SHORT], content[at + head : at + size])
        at += size
    raise NotPlayable


def _find(content: memoryview, *path: bytes) -> memoryview | None:
    for kind in path:
        found = [box.body for box in _boxes(content) if box.kind == kind]
        if not found:
            return None
        content = found[0]
    return content


def _one(content: memoryview, *path: bytes) -> memoryview:
    found = _find(content, *path)
    if found is None:
        raise NotPlayable
    return found


def _handler(track: _Box) -> bytes:
    handler: bytes = struct.unpack_from(">8x4s", _one(track.body, b"mdia", b"hdlr"))[0]
    return handler


def _duration_ms(moov: memoryview) -> int:
    """Of the whole; a file that was written in pieces may tell it in a place of its own."""
    head = _one(moov, b"mvhd")
    wide = _is_wide(head)
    scale, length = struct.unpack_from(">20xIQ" if wide else ">12xII", head)
    pieces = _find(moov, b"mvex", b"mehd")
    if length in UNKNOWN and pieces is not None:
        length = struct.unpack_from(">4xQ" if _is_wide(pieces) else ">4xI", pieces)[0]
    if length in UNKNOWN or scale == 0:
        raise NotPlayable
    found: int = max(1, round(length * 1000 / scale))
    if found > MOST_MS:
        raise NotPlayable
    return found


def _is_wide(box: memoryview) -> bool:
    """Whether its numbers take eight bytes each."""
    version: int = struct.unpack_from(">B", box)[0]
    return version == 1
