"""A backup as one file: a tar of what it holds, the database as it was at one moment, and media.

The secret key is not in it: who finds a backup must not be able to speak for the house.
"""

import io
import json
import os
import re
import secrets
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

FORM = 1
MANIFEST, DATABASE, MEDIA = "manifest.json", "database", "media/"
MEDIA_NAME = re.compile(r"media/([0-9a-f]{2})/(\1[0-9a-f]{62})")
CHUNK_BYTES = 1 << 20


class BadBackup(Exception):
    """The file is no whole backup of Madoguchi."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. media: how many files there were when it was
    begun; None when it was made without them."""

    made_at: str
    dialect: str
    revision: str | None
    rows: Mapping[str, int]
    database_sha256: str
    media: int | None
    form: int = FORM


def write_archive(target: Path, manifest: Manifest, database: Path, media: list[Path]) -> None:
    """The file appears whole, readable by its owner alone, and never takes another's place.

    Raises FileExistsError.
    """
    draft = target.with_name(f".{target.name}.{secrets.token_hex(6)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
                _add_text(archive, MANIFEST, json.dumps(asdict(manifest)))
                archive.add(database, DATABASE)
                for one in media:
                    with suppress(FileNotFoundError):  # a customer took it back meanwhile
                        archive.add(one, f"{MEDIA}{one.parent.name}/{one.name}")
            file.flush()
            os.fsync(file.fileno())
        _name(draft, target)
    finally:
        draft.unlink(missing_ok=True)


def _name(draft: Path, target: Path) -> None:
    try:
        os.link(draft, target)
    except FileExistsError:
        raise
    except OSError:  # a stick or a share that knows no links
        if target.exists():
            raise
        draft.rename(target)


@contextmanager
def opened_archive(path: Path) -> Iterator[tuple[Manifest, tarfile.TarFile]]:
    """Raises BadBackup, also while the block reads on."""
    try:
        with tarfile.open(path, mode="r:") as archive:
            yield _manifest(archive), archive
    except tarfile.TarError as error:
        raise BadBackup(f"{path} is no whole backup of Madoguchi: {error}") from error


def unpack_database(archive: tarfile.TarFile, manifest: Manifest, target: Path) -> None:
    """Raises BadBackup when it is not what was written."""
    if _unpack(archive, archive.getmember(DATABASE), target) != manifest.database_sha256:
        raise BadBackup("the database in the backup is not what was written: the file is damaged")


def unpack_media(archive: tarfile.TarFile, folder: Path) -> int:
    """Each to the place of its hash, which it must have; how many. Raises BadBackup."""
    count = 0
    for member in archive.getmembers():
        named = MEDIA_NAME.fullmatch(member.name)
        if member.name in {MANIFEST, DATABASE}:
            continue
        if named is None or not member.isfile():
            raise BadBackup(f"{member.name!r} does not belong into a backup")
        place = folder / named[1] / named[2]
        draft = place.with_name(f".part-{secrets.token_hex(6)}")
        draft.parent.mkdir(parents=True, exist_ok=True)
        try:
            if _unpack(archive, member, draft) != named[2]:
                raise BadBackup(f"{member.name} is not what its name says: the file is damaged")
            os.replace(draft, place)
        finally:
            draft.unlink(missing_ok=True)
        count += 1
    return count


def hash_of(path: Path) -> str:
    """SHA-256 of a file."""
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def _manifest(archive: tarfile.TarFile) -> Manifest:
    try:
        file = archive.extractfile(MANIFEST)
        manifest = Manifest(**json.load(file or io.BytesIO()))
        archive.getmember(DATABASE)
    except (KeyError, ValueError, TypeError) as error:
        raise BadBackup(f"{archive.name!r} is no backup of Madoguchi") from error
    if manifest.form != FORM:
        raise BadBackup("the backup is of a newer Madoguchi: update first")
    return manifest


def _unpack(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> str:
    source, digest = archive.extractfile(member), sha256()
    if source is None:
        raise BadBackup(f"{member.name!r} is no file")
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while chunk := source.read(CHUNK_BYTES):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    content = text.encode()
    member = tarfile.TarInfo(name)
    member.size = len(content)
    archive.addfile(member, io.BytesIO(content))
