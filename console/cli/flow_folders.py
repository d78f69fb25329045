"""The folders and files that a command for managers is given."""

import gc
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.language.loader import Folder
    from flows.language.problems import Problem

COLLECTED_AFTER = 50_000  # new objects


class NoFolder(FileNotFoundError):
    """The folder or file that was named is not there."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


Checked = tuple["Folder", tuple["Problem", ...]]


def loaded(path: Path) -> Checked:
    """A folder with its problems. Raises NoFolder.

    A folder is many small objects that all stay: the collector would look through them for half of
    the time, so it looks less often.
    """
    from flows.language.checker import check
    from flows.language.loader import load_folder

    if not path.exists():
        raise NoFolder(path)
    gc.set_threshold(COLLECTED_AFTER)
    folder = load_folder(path)
    return folder, check(folder)


def each(paths: Sequence[Path]) -> list[Checked]:
    """Every folder that is named; the set one when none is.

    Who names a file wants to hear of that file; the whole folder was read for its names.
    """
    return [
        (folder, problems if only is None else tuple(p for p in problems if p.file in only))
        for folder, problems, only in narrowed(paths)
    ]


def narrowed(
    paths: Sequence[Path],
) -> list[tuple["Folder", tuple["Problem", ...], frozenset[str] | None]]:
    """The same, with the one file of a path that names a file; None for a whole folder."""
    from flows.language.folder_files import flows_folder_of

    found = []
    for path in _or_set(paths):
        folder, problems = loaded(path)
        whole = path.resolve()
        name = whole.relative_to(flows_folder_of(whole)) if path.is_file() else None
        found.append((folder, problems, frozenset({name.as_posix()}) if name else None))
    return found


def _or_set(paths: Sequence[Path]) -> Sequence[Path]:
    from console.settings import read_settings

    return paths or [read_settings().flows_dir]
