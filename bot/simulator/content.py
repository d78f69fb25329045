"""Small files that stand for what a customer sends, made here."""

import math
import struct
import zlib
from functools import lru_cache
from pathlib import Path

SIDE = 96
_FILM = Path(__file__).parent / "sample.mp4"  # one second of a soft colour


def sample_content(kind: str, message_id: str) -> tuple[bytes, str]:
    """A file of a kind: its bytes and its MIME type."""
    if kind == "image":
        return sample_picture(int(message_id) % 6), "image/png"
    if kind == "video":
        return _FILM.read_bytes(), "video/mp4"
    if kind == "audio":
        return sample_sound(), "audio/wav"
    return f"見本のファイル {message_id}\n".encode(), "application/octet-stream"


@lru_cache(maxsize=8)
def sample_picture(number: int) -> bytes:
    """A PNG with a soft gradient; six of them, so that two pictures can be told apart."""
    red, green, blue = ((200, 120, 120), (120, 180, 140), (120, 140, 200), (200, 180, 110),
                        (170, 130, 190), (120, 180, 190))[number]  # fmt: skip
    rows = b"".join(
        b"\x00"
        + b"".join(
            bytes((min(255, red + x // 2), min(255, green + y // 2), min(255, blue + (x + y) // 4)))
            for x in range(SIDE)
        )
        for y in range(SIDE)
    )
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )


@lru_cache(maxsize=1)
def sample_sound() -> bytes:
    """Three seconds of a soft tone as WAV, so that a player has something to move through."""
    wave = (int(2000 * math.sin(2 * math.pi * 440 * n / 8000)) for n in range(3 * 8000))
    samples = b"".join(struct.pack("<h", height) for height in wave)
    header = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16,
                         1, 1, 8000, 16000, 2, 16, b"data", len(samples))  # fmt: skip
    return header + samples
