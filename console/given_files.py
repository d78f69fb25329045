"""What becomes of a file that staff give: its kind by its name and its bytes, and how it is kept.

A picture is drawn anew, a film or a sound loses what is told beside it, a file is kept as it is.
Nothing is believed that the browser says beside the name.
"""

from io import BytesIO
from pathlib import PurePosixPath

from sqlmodel import Session

from console import films
from console.door import House
from console.kept_files import keep_file, place_of
from console.pictures import NotAPicture, TooManyPixels, plain_poster, redraw
from console.refusals import BadFile, BadFilm, TooManyDots
from console.sent_files import NotThatKind, mime_of
from storage import contents
from storage.uploads import Kept

PICTURE_ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp"})
PICTURE_SUFFIX = {"image/png": ".png", "image/jpeg": ".jpg"}


def keep_given(house: House, name: str, content: bytes, poster: bytes | None) -> Kept:
    """Put it on the disk; poster: the browser's own first picture of a film.

    Raises BadFile, BadFilm, TooManyDots.
    """
    suffix = PurePosixPath(name).suffix.lower()
    if suffix in PICTURE_ENDINGS:
        return _picture(house, name, content)
    if suffix in films.ENDINGS:
        return _film(house, name, content, poster)
    try:
        mime = mime_of(name, content)
    except NotThatKind as error:
        raise BadFile from error
    return Kept("file", name, mime, len(content), keep_file(house, content))


def lies_there(house: House, db: Session, kept: Kept) -> bool:
    """Whether nobody has taken its files away; nobody does until the unit ends."""
    hashes = {one for one in (kept.sha256, kept.preview_sha256) if one is not None}
    for sha256 in sorted(hashes):  # in one order, so that two do not wait for each other
        contents.hold(db, sha256)
    return all(place_of(house, sha256).is_file() for sha256 in hashes)


def _picture(house: House, name: str, content: bytes) -> Kept:
    try:
        drawn = redraw(BytesIO(content))
    except TooManyPixels as error:
        raise TooManyDots from error
    except NotAPicture as error:
        raise BadFile from error
    stem = name.removesuffix(PurePosixPath(name).suffix)
    return Kept(
        "image",
        f"{stem}{PICTURE_SUFFIX[drawn.mime]}",
        drawn.mime,
        len(drawn.content),
        keep_file(house, drawn.content),
        keep_file(house, drawn.preview),
        drawn.width,
        drawn.height,
    )


def _film(house: House, name: str, content: bytes, poster: bytes | None) -> Kept:
    if not films.is_mp4(content):
        raise BadFile
    try:
        film = films.read_film(content)
    except films.NotPlayable as error:
        raise BadFilm from error
    is_film = film.kind == "video"
    if is_film and name.lower().endswith(".m4a"):
        raise BadFile
    plain = films.without_marks(content)
    return Kept(
        film.kind,
        name,
        film.mime,
        len(plain),
        keep_file(house, plain),
        keep_file(house, _poster(poster)) if is_film else None,
        duration_ms=film.duration_ms,
    )


def _poster(given: bytes | None) -> bytes:
    """Drawn anew like any picture; where there is none, or it is broken, a plain one of ours."""
    if not given:
        return plain_poster()
    try:
        return redraw(BytesIO(given)).preview
    except (NotAPicture, TooManyPixels):
        return plain_poster()
