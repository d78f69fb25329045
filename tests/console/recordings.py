"""Small MP4 files, box by box: what is in them is what a test says."""

import struct
from pathlib import Path

FILM = (Path(__file__).parents[2] / "bot" / "simulator" / "sample.mp4").read_bytes()
FILM_MS = 946  # one second of a soft colour, as Chromium recorded it


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def head(length: int, scale: int = 1000, version: int = 0) -> bytes:
    """How long the whole plays."""
    times = struct.pack(">QQIQ" if version else ">IIII", 0, 0, scale, length)
    return box(b"mvhd", bytes([version, 0, 0, 0]), times, bytes(80))


def track(handler: bytes, more: bytes = b"") -> bytes:
    return box(b"trak", box(b"mdia", box(b"hdlr", bytes(8), handler, bytes(13))), more)


def a_recording(
    *handlers: bytes,
    length: int = 3210,
    version: int = 0,
    brand: bytes = b"mp42",
    pieces: int | None = None,
    more: bytes = b"",
    data: bytes = b"sample",
) -> bytes:
    """ftyp, mdat, moov: the table of contents behind what it tells of, as phones write it."""
    inside = [head(length, version=version), *map(track, handlers)]
    if pieces is not None:
        inside.append(box(b"mvex", box(b"mehd", bytes(4), struct.pack(">I", pieces))))
    return box(b"ftyp", brand, bytes(4)) + box(b"mdat", data) + box(b"moov", *inside, more)


def a_sound(length: int = 3210) -> bytes:
    return a_recording(b"soun", length=length, brand=b"M4A ")
