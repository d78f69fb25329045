"""Files by the hash of their content: written whole or not at all, and never under a given name."""

import hashlib
import os
import tempfile
from pathlib import Path

from console.door import House


def media_folder(house: House) -> Path:
    """Where files lie, by the hash of their content."""
    return house.settings.data_dir / "media"


def place_of(house: House, sha256: str) -> Path:
    """The file of a hash."""
    return media_folder(house) / sha256[:2] / sha256


def keep_file(house: House, content: bytes) -> str:
    """Write it to its place; its hash."""
    sha256 = hashlib.sha256(content).hexdigest()
    place = place_of(house, sha256)
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=media_folder(house), prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, place)  # atomic, and the path is our own
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return sha256
