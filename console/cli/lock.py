"""One serving process for one SQLite file: a lock that dies with its process.

SQLite itself lets several processes write. Two workers would still be wrong: each would take the
other's calls to LINE for those of a dead process. On a network's file system neither locks nor the
write-ahead log can be relied upon, so such a place is refused.
"""

import fcntl
import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
OF_A_NETWORK = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "coda", "9p", "ceph"),
        *("glusterfs", "lustre", "beegfs", "orangefs", "davfs", "fuse.davfs", "fuse.sshfs"),
        *("fuse.glusterfs", "fuse.s3fs", "fuse.rclone", "fuse.gcsfuse", "fuse.ceph"),
    }
)
_OCTAL = re.compile(r"\\([0-7]{3})")


class AlreadyServed(Exception):
    """Another process serves this database."""


class NetworkFilesystem(Exception):
    """The database lies where locks cannot be relied upon."""


@contextmanager
def serving(database: Path) -> Iterator[None]:
    """Hold the database's file, or say which process does. Raises AlreadyServed and
    NetworkFilesystem."""
    database = database.resolve()
    database.parent.mkdir(parents=True, exist_ok=True)
    refuse_network(database)
    with database.with_name(f"{database.name}.serving").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "another process"
            raise AlreadyServed(
                f"{database} is served already by {holder}. Stop that one first, or use another "
                "MADOGUCHI_DATA_DIR (several processes on one database need PostgreSQL)."
            ) from None
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}")
        file.flush()
        yield


def refuse_network(database: Path) -> None:
    """Raises NetworkFilesystem for a folder that another machine serves."""
    kind = filesystem_of(database.parent)
    if kind in OF_A_NETWORK:
        raise NetworkFilesystem(
            f"{database} lies on a network's file system ({kind}), where SQLite loses data. Set "
            "MADOGUCHI_DATA_DIR to a folder on a disk of this machine, or use PostgreSQL."
        )


def filesystem_of(folder: Path, mounts: str | None = None) -> str | None:
    """The kind of file system; None on a machine that does not tell.

    mounts: as `/proc/self/mountinfo` has them (proc(5)), of which the last one of a place counts.
    """
    if mounts is None:
        try:
            mounts = MOUNTS.read_text()
        except OSError:
            return None
    best, kind = -1, None
    for line in mounts.splitlines():
        place, found = _mount(line)
        if folder.is_relative_to(place) and len(place.parts) >= best:
            best, kind = len(place.parts), found
    return kind


def _mount(line: str) -> tuple[Path, str]:
    before, _, after = line.partition(" - ")
    place = _OCTAL.sub(lambda sign: chr(int(sign[1], 8)), before.split()[4])
    return Path(place), after.split()[0]
