"""One worker for one SQLite data folder: a lock that dies with its process."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyServed(Exception):
    """Another process serves this data folder."""


@contextmanager
def serving(data_dir: Path) -> Iterator[None]:
    """Hold the folder, or say which process does. Raises AlreadyServed."""
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / "serving.lock"
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise AlreadyServed(
                f"{data_dir} is served already by {holder}. Stop it first, or use another "
                "MADOGUCHI_DATA_DIR."
            ) from None
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}")
        file.flush()
        yield
