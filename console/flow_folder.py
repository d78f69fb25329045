"""The managers' folder as the console reads and writes it: one file at a time, and never blindly.

A file is known by the hash of its bytes. Who writes or deletes it says which one they have read;
when the file on disk is another by now, because a colleague or an editor changed it, nothing is
written and the newer text is told. Names follow the folder's own rules and never lead out of it.
"""

import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from threading import Lock

from console.refusals import BadName, NotText, ReadOnly, StaleFile, TooLarge
from flows.language.folder_files import is_read, read_contents
from flows.language.loader import Folder, load_files
from flows.language.nodes import MAX_BYTES
from storage.refusals import NotFound

LONGEST_NAME = 100
BOM = b"\xef\xbb\xbf"
_UNWANTED = frozenset('\\:*?"<>|')
_writing = Lock()  # between the look at what is there and the replacing, nobody else of us writes


@dataclass(frozen=True, slots=True)
class FileText:
    """One file as it was read."""

    file: str
    text: str
    hash: str


def read_file(root: Path, name: str) -> FileText:
    """Raises NotFound, TooLarge, NotText."""
    try:
        path = _place_of(root, name)
    except BadName as error:
        raise NotFound from error
    content = _bytes_of(path)
    if content is None:
        raise NotFound
    return _text_of(name, content)


def write_file(root: Path, name: str, text: str, seen: str | None) -> FileText:
    """Put a text in the place of the one that was read; `seen` None: there must be none yet.

    Line ends and a byte-order mark stay as they were. Raises BadName, StaleFile, TooLarge,
    ReadOnly.
    """
    path = _place_of(root, name)
    with _writing:
        before = _bytes_of(path)
        _check_seen(name, before, seen)
        content = _as_before(text, before or b"")
        if len(content) > MAX_BYTES:
            raise TooLarge
        try:
            _replace(path, content)
        except OSError as error:
            raise ReadOnly from error
    return _text_of(name, content)


def delete_file(root: Path, name: str, seen: str) -> None:
    """Take a file away. Raises NotFound, StaleFile, ReadOnly."""
    path = _place_of(root, name)
    with _writing:
        before = _bytes_of(path)
        if before is None:
            raise NotFound
        _check_seen(name, before, seen)
        try:
            path.unlink()
        except OSError as error:
            raise ReadOnly from error


def load_draft(root: Path, name: str | None = None, text: str = "") -> Folder:
    """The folder, with one file as it is being written. Raises BadName."""
    contents = read_contents(root) if root.is_dir() else {}
    if name is not None:
        _place_of(root, name)
        contents[name] = text.encode(errors="surrogatepass")  # half a sign is told as not UTF-8
    return load_files(contents)


def hash_of(folder: Folder) -> str:
    """What the whole folder says: changes with every letter of every file."""
    digest = hashlib.sha256()
    for name in sorted(folder.sources):
        digest.update(f"{name}\0{folder.sources[name]}\0".encode())
    return digest.hexdigest()


def _place_of(root: Path, name: str) -> Path:
    relative = PurePosixPath(name)
    is_plain = name == relative.as_posix() and name.isprintable() and not _UNWANTED & set(name)
    if not is_plain or relative.is_absolute() or len(name) > LONGEST_NAME or not is_read(relative):
        raise BadName
    path = (root / relative).resolve()
    if not path.is_relative_to(root.resolve()):  # a link that leads out
        raise BadName
    return path


def _bytes_of(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def _text_of(name: str, content: bytes) -> FileText:
    if len(content) > MAX_BYTES:
        raise TooLarge
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotText from error
    return FileText(name, text.replace("\r\n", "\n"), hashlib.sha256(content).hexdigest())


def _check_seen(name: str, before: bytes | None, seen: str | None) -> None:
    now = _text_of(name, before) if before is not None else None
    if (now.hash if now is not None else None) != seen:
        text, hash_ = (now.text, now.hash) if now is not None else (None, None)
        raise StaleFile(file=name, text=text, hash=hash_)


def _as_before(text: str, before: bytes) -> bytes:
    ends = "\r\n" if b"\r\n" in before else "\n"
    mark = BOM if before.startswith(BOM) else b""
    return mark + text.replace("\r\n", "\n").replace("\n", ends).encode()


def _replace(path: Path, content: bytes) -> None:
    """Whole or not at all, also when the power goes."""
    path.parent.mkdir(exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        aside = Path(file.name)
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            if path.exists():
                shutil.copymode(path, aside)
            else:
                aside.chmod(0o644)
            aside.replace(path)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
