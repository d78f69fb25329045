"""Files that staff send beside pictures: which kinds, and whether one is what its name says.

A file is never opened here or shown in a page: it is handed on as it is, to be downloaded. What
could run by itself (macros, programs, archives, pages of the web) is not handed on.
"""

import unicodedata
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import PurePosixPath

MOST_NAME = 120
_OFFICE = "application/vnd.openxmlformats-officedocument"
_MACROS = "vbaproject.bin"  # part names are the same in any case


class NotThatKind(Exception):
    """It is of a kind that is not sent, or is not what its name says."""


def mime_of(name: str, content: bytes) -> str:
    """What a file is, by its name and its bytes together. Raises NotThatKind."""
    known = _KINDS.get(PurePosixPath(name).suffix.lower())
    if known is None or not known[1](content):
        raise NotThatKind
    return known[0]


def clean_name(name: str) -> str:
    """A name without folders and without signs that turn or hide what stands around them."""
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip(" .")
    suffix = PurePosixPath(shown).suffix[:10]
    stem = shown.removesuffix(suffix)[: MOST_NAME - len(suffix)]
    return f"{stem}{suffix}" if stem else f"file{suffix}"


def renamed(old: str, new: str) -> str:
    """The new name with the old ending: what a file is does not change with its name."""
    suffix = PurePosixPath(old).suffix
    stem = clean_name(new)
    return stem if stem.lower().endswith(suffix.lower()) else clean_name(f"{stem}{suffix}")


def _is_pdf(content: bytes) -> bool:
    return content.startswith(b"%PDF-")


def _is_text(content: bytes) -> bool:
    if b"\0" in content:
        return False
    for encoding in ("utf-8-sig", "cp932"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _is_office(folder: str) -> Callable[[bytes], bool]:
    def check(content: bytes) -> bool:
        try:
            with zipfile.ZipFile(BytesIO(content)) as packed:
                names = packed.namelist()
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            return False
        has_macros = any(name.lower().endswith(_MACROS) for name in names)
        is_whole = "[Content_Types].xml" in names
        return is_whole and not has_macros and any(name.startswith(folder) for name in names)

    return check


_KINDS: dict[str, tuple[str, Callable[[bytes], bool]]] = {
    ".pdf": ("application/pdf", _is_pdf),
    ".docx": (f"{_OFFICE}.wordprocessingml.document", _is_office("word/")),
    ".xlsx": (f"{_OFFICE}.spreadsheetml.sheet", _is_office("xl/")),
    ".pptx": (f"{_OFFICE}.presentationml.presentation", _is_office("ppt/")),
    ".txt": ("text/plain", _is_text),
    ".csv": ("text/csv", _is_text),
}
ENDINGS = tuple(_KINDS)
