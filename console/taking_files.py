"""A file that comes in a form: looked at, kept on the disk, written down once under its own id.

The same id again gives the same file, so that a browser may repeat what got no answer.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import request
from sqlmodel import Session

from console.door import Asker, House, Row
from console.given_files import lies_there
from console.refusals import BadFile, FileTooLarge
from console.sending import check_reach
from console.sent_files import clean_name
from storage import uploads
from storage.keepable import is_keepable
from storage.models.uploads import Upload
from storage.uploads import Kept, Place

MOST_BYTES = 20_000_000
MOST_ID = 64
MOST_POSTER = 1_000_000
ENVELOPE = MOST_POSTER + 20_000  # what stands around a file in a form


@dataclass(frozen=True, slots=True)
class Taking:
    """find: where the file is to be sent, if the asker may; read: takes it out of the form, and
    answers what keeps it on the disk; row: what the browser is told of it.
    """

    find: Callable[[Session], Place]
    read: Callable[[], Callable[[], Kept]]
    row: Callable[[Session, Upload], Row]


def take_file(house: House, asker: Asker, taking: Callable[[], Taking]) -> tuple[Row, int]:
    """201, or 200 for a file that is here already under the same `client_upload_id`."""
    request.max_content_length = MOST_BYTES + ENVELOPE
    if (request.content_length or 0) > MOST_BYTES + ENVELOPE:
        raise FileTooLarge
    try:
        return _take(house, asker, form_field("client_upload_id"), taking())
    finally:
        request.close()  # what was large lies in a file of its own until then


def _take(house: House, asker: Asker, client_id: str, taking: Taking) -> tuple[Row, int]:
    def look(db: Session) -> Row | None:
        taking.find(db)
        known, now = uploads.find_known(db, asker.operator.id, client_id), house.clock()
        if known is None or uploads.is_over(known, now):
            check_reach(house)
            uploads.check_rate(db, asker.operator.id, now)
            return None
        uploads.stays(db, known, now)
        return taking.row(db, known)

    known = house.store.write(look)
    if known is not None:
        return known, 200
    keep = taking.read()

    def write(db: Session) -> Row | None:
        place = taking.find(db)
        if not lies_there(house, db, kept):
            return None
        upload = uploads.keep_upload(db, place, asker.operator.id, client_id, kept, house.clock())
        return taking.row(db, upload)

    row = None
    while row is None:  # the very same file was dropped meanwhile
        kept = house.beside(keep)
        row = house.store.write(write)
    return row, 201


def form_field(name: str) -> str:
    """A short word of the form. Raises ValueError."""
    found = request.form.get(name, "")
    if not 0 < len(found) <= MOST_ID or not is_keepable(found):
        raise ValueError(f"{name} is wanted, of {MOST_ID} characters at most")
    return found


def given_file() -> tuple[str, bytes]:
    """Its name and what is in it. Raises ValueError, FileTooLarge, BadFile."""
    given = request.files.get("file")
    if given is None:
        raise ValueError("file is wanted")
    content = given.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise FileTooLarge
    if not content:
        raise BadFile
    return clean_name(given.filename or ""), content


def given_poster() -> bytes | None:
    """The first picture of a film as the browser shows it; one that is too large is none."""
    given = request.files.get("poster")
    content = b"" if given is None else given.read(MOST_POSTER + 1)
    return content if 0 < len(content) <= MOST_POSTER else None
