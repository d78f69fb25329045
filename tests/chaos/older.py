"""The code of this repository as it was before its newest migration, taken out of its history.

It runs as today's does, haunted by today's harness: only the product's own folders are old.
"""

import io
import subprocess
import tarfile
from pathlib import Path

from storage.migrate import MIGRATIONS, versions
from tests.chaos.lives import ROOT

PRODUCT = ("bot", "console", "flows", "storage")


class NoHistory(Exception):
    """There is no history here in which an older version could be found."""


def take_out(folder: Path) -> Path:
    """The older code, in a folder of its own. Raises NoHistory."""
    commit = _commit_before(_file_of(versions()[-1]))
    tree = _git("archive", "--format=tar", commit, *PRODUCT)
    with tarfile.open(fileobj=io.BytesIO(tree)) as packed:
        packed.extractall(folder, filter="data")
    (folder / "tests").symlink_to(ROOT / "tests")
    here = {file.name for file in MIGRATIONS.glob("versions/*.py")}
    there = {file.name for file in (folder / "storage/migrations/versions").glob("*.py")}
    if there != here - {_file_of(versions()[-1]).name}:
        raise NoHistory(f"{commit} does not have all migrations but the newest")
    return folder


def _file_of(version: str) -> Path:
    (file,) = MIGRATIONS.glob(f"versions/{version}_*.py")
    return file


def _commit_before(file: Path) -> str:
    path = str(file.relative_to(ROOT))
    came_with = _git("rev-list", "--first-parent", "HEAD", "--", path).decode().split()
    if not came_with:
        raise NoHistory(f"no commit is known that brought {path}")
    return _git("rev-parse", "--verify", f"{came_with[-1]}^1").decode().strip()


def _git(*words: str) -> bytes:
    try:
        done = subprocess.run(
            ["git", "-C", str(ROOT), *words],  # noqa: S607 # the one of this machine
            check=True, capture_output=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError) as error:
        raise NoHistory(f"git {words[0]}: {error}") from error
    return done.stdout
