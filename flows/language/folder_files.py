"""Which files belong to a flows folder, and which folder a file belongs to. Reads the disk."""

import re
from pathlib import Path, PurePath

from flows.language.nodes import MAX_BYTES

TESTS = "tests"
FLEX = "flex/"
FOLDERS = ("flex", "faq", "calendars", "segments", "tests", "menus")
UNREAD = frozenset({"language", "line"})


def read_contents(folder: Path) -> dict[str, bytes]:
    """The bytes of every file that belongs to a flows folder, by relative name."""
    contents: dict[str, bytes] = {}
    for file in sorted(folder.rglob("*")):
        relative = file.relative_to(folder)
        if is_read(relative) and file.is_file():
            with file.open("rb") as opened:  # no more than shows that it is too large
                contents[relative.as_posix()] = opened.read(MAX_BYTES + 1)
    return contents


def is_read(relative: PurePath) -> bool:
    """Whether a file of this name, relative to the folder, belongs to it."""
    parts = relative.parts
    if relative.suffix not in {".yaml", ".yml"}:
        return False
    if any(part.startswith((".", "_")) for part in parts) or parts[0] in UNREAD:
        return False
    is_deep = len(parts) > 2  # noqa: PLR2004 # a folder and a file
    return len(parts) == 1 or (parts[0] in FOLDERS and (not is_deep or parts[0] == TESTS))


def flows_folder_of(path: Path) -> Path:
    """The flows folder that a path given to a command means; only tests may lie deeper."""
    if path.is_dir():
        return path
    whole = path.resolve()
    if whole.parent.name in FOLDERS:
        return whole.parent.parent
    above = [parent.parent for parent in whole.parents if parent.name == TESTS]
    return above[0] if above and _is_talk_test(whole) else whole.parent


def _is_talk_test(file: Path) -> bool:
    return re.search(rb"^test:", file.read_bytes(), re.MULTILINE) is not None
