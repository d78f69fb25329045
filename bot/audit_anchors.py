"""The history's head, noted once a day in a file beside the database.

Whoever can change the database can make the whole history anew, hashes and all; the lines of this
file show it then, and a copy of the file that is kept elsewhere shows it also when they can write
here. A line: the moment, how many rows there were, the hash of the last one.
"""

import os
from datetime import datetime
from pathlib import Path

from storage.audit import find_head
from storage.unit import Store

NAME = "audit-anchors.txt"
PARTS = 3


class BadAnchors(Exception):
    """A line of the file is not as we write them."""


def note_head(store: Store, file: Path, now: datetime) -> bool:
    """Add today's line, unless it is there; whether it was added."""
    if file.exists() and _last_day(file) == now.date().isoformat():
        return False
    rows, hash_ = store.read(find_head)
    with file.open("a", encoding="ascii") as opened:
        opened.write(f"{now.isoformat(timespec='seconds')} {rows} {hash_}\n")
        opened.flush()
        os.fsync(opened.fileno())
    return True


def read_heads(file: Path) -> dict[int, str]:
    """The hashes by how many rows there were. Raises BadAnchors, also for two that differ."""
    if not file.exists():
        return {}
    heads: dict[int, str] = {}
    for number, line in enumerate(file.read_text(encoding="ascii").splitlines(), 1):
        parts = line.split()
        if len(parts) != PARTS or not parts[1].isdigit():
            raise BadAnchors(f"line {number}")
        rows, hash_ = int(parts[1]), parts[2]
        if heads.setdefault(rows, hash_) != hash_:
            raise BadAnchors(f"line {number}")
    return heads


def _last_day(file: Path) -> str:
    lines = file.read_text(encoding="ascii").splitlines()
    return lines[-1][:10] if lines else ""
