"""Pictures and files that staff give, before they are sent: kept, named, taken back.

What comes back holds the message that sends it, in LINE's own shape, with signed addresses.
"""

from io import BytesIO
from pathlib import PurePosixPath

from flask import request
from sqlmodel import Session

from console.door import Asker, House, Row
from console.kept_files import keep_file
from console.pictures import NotAPicture, TooManyPixels, redraw
from console.planned_files import card_of
from console.refusals import BadFile, FileTooLarge, TooManyDots
from console.sending import check_reach
from console.sent_files import NotThatKind, clean_name, mime_of, renamed
from console.sent_media import PREVIEW, address_of
from console.upload_bodies import UploadName
from storage import rows, uploads
from storage.conversations import get_conversation
from storage.keepable import is_keepable
from storage.models.talks import Conversation
from storage.models.uploads import Upload
from storage.uploads import Kept

MOST_BYTES = 20_000_000
MOST_ID = 64
ENVELOPE = 20_000  # what stands around a file in a form
PICTURE_ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp"})
PICTURE_SUFFIX = {"image/png": ".png", "image/jpeg": ".jpg"}


def add(house: House, asker: Asker) -> tuple[Row, int]:
    """Take a file for a talk: 201, or 200 for one that is here already under the same id."""
    request.max_content_length = MOST_BYTES + ENVELOPE
    if (request.content_length or 0) > MOST_BYTES + ENVELOPE:
        raise FileTooLarge
    try:
        return _add(house, asker)
    finally:
        request.close()  # what was large lies in a file of its own until then


def rename(house: House, asker: Asker, upload_id: str, body: UploadName) -> Row:
    """Another name for what was not sent yet; what it is does not change."""

    def write(db: Session) -> Row:
        upload = uploads.own_unsent(db, asker.operator.id, upload_id)
        upload.name = renamed(upload.name, body.name)
        db.add(upload)
        talk = get_conversation(db, asker.scope, upload.conversation_id)
        return _row(house, db, talk, upload)

    return house.store.write(write)


def withdraw(house: House, asker: Asker, upload_id: str) -> Row:
    """It is not to be sent: its file goes with the next sweep."""

    def write(db: Session) -> Row:
        upload = uploads.own_unsent(db, asker.operator.id, upload_id)
        uploads.withdraw(db, upload, house.clock())
        return {}

    return house.store.write(write)


def _add(house: House, asker: Asker) -> tuple[Row, int]:
    client_id, talk_id = _field("client_upload_id"), _field("conversation_id")

    def look(db: Session) -> Row | None:
        talk = get_conversation(db, asker.scope, talk_id)
        known, now = uploads.find_known(db, asker.operator.id, client_id), house.clock()
        if known is None or uploads.is_over(known, now):
            check_reach(house)
            uploads.check_rate(db, asker.operator.id, now)
            return None
        uploads.stays(db, known, now)
        return _row(house, db, talk, known)

    known = house.store.write(look)
    if known is not None:
        return known, 200
    name, content = _given_file()
    kept = house.beside(lambda: _keep(house, name, content))

    def write(db: Session) -> Row:
        talk = get_conversation(db, asker.scope, talk_id)
        upload = uploads.keep_upload(db, talk, asker.operator.id, client_id, kept, house.clock())
        return _row(house, db, talk, upload)

    return house.store.write(write), 201


def _field(name: str) -> str:
    found = request.form.get(name, "")
    if not 0 < len(found) <= MOST_ID or not is_keepable(found):
        raise ValueError(f"{name} is wanted, of {MOST_ID} characters at most")
    return found


def _given_file() -> tuple[str, bytes]:
    given = request.files.get("file")
    if given is None:
        raise ValueError("file is wanted")
    content = given.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise FileTooLarge
    if not content:
        raise BadFile
    return clean_name(given.filename or ""), content


def _keep(house: House, name: str, content: bytes) -> Kept:
    if PurePosixPath(name).suffix.lower() in PICTURE_ENDINGS:
        return _keep_picture(house, name, content)
    try:
        mime = mime_of(name, content)
    except NotThatKind as error:
        raise BadFile from error
    return Kept("file", name, mime, len(content), keep_file(house, content))


def _keep_picture(house: House, name: str, content: bytes) -> Kept:
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


def _row(house: House, db: Session, talk: Conversation, upload: Upload) -> Row:
    return {
        "id": upload.id,
        "client_upload_id": upload.client_upload_id,
        "conversation_id": upload.conversation_id,
        "kind": upload.kind,
        "name": upload.name,
        "mime": upload.mime,
        "size_bytes": upload.size_bytes,
        "width": upload.width,
        "height": upload.height,
        "created_at": rows.moment(upload.created_at),
        "expires_at": rows.moment(upload.expires_at),
        "message": _message(house, db, talk, upload),
    }


def _message(house: House, db: Session, talk: Conversation, upload: Upload) -> Row:
    """What sends it, as LINE takes it."""
    address = address_of(house, upload)
    if upload.expires_at is None:
        preview = address_of(house, upload, PREVIEW)
        return {"type": "image", "originalContentUrl": address, "previewImageUrl": preview}
    return card_of(house, db, talk, upload, upload.expires_at)
