"""Pictures, films, sounds and files that staff give, before they are sent: kept, named, taken back.

What comes back holds the message that sends it, in LINE's own shape, with signed addresses.
"""

from flask import request
from sqlmodel import Session

from console.door import Asker, House, Row
from console.given_files import keep_given, lies_there
from console.planned_files import card_of
from console.refusals import BadFile, FileTooLarge
from console.sending import check_reach
from console.sent_files import clean_name, renamed
from console.sent_media import PREVIEW, address_of
from console.upload_bodies import UploadName
from storage import rows, uploads
from storage.conversations import get_conversation
from storage.keepable import is_keepable
from storage.models.talks import Conversation
from storage.models.uploads import Upload

MOST_BYTES = 20_000_000
MOST_ID = 64
MOST_POSTER = 1_000_000
ENVELOPE = MOST_POSTER + 20_000  # what stands around a file in a form


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
    (name, content), poster = _given_file(), _given_poster()

    def write(db: Session) -> Row | None:
        talk = get_conversation(db, asker.scope, talk_id)
        if not lies_there(house, db, kept):
            return None
        upload = uploads.keep_upload(db, talk, asker.operator.id, client_id, kept, house.clock())
        return _row(house, db, talk, upload)

    row = None
    while row is None:  # the very same file was dropped meanwhile
        kept = house.beside(lambda: keep_given(house, name, content, poster))
        row = house.store.write(write)
    return row, 201


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


def _given_poster() -> bytes | None:
    """The first picture of a film as the browser shows it; one that is too large is none."""
    given = request.files.get("poster")
    content = b"" if given is None else given.read(MOST_POSTER + 1)
    return content if 0 < len(content) <= MOST_POSTER else None


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
        "duration_ms": upload.duration_ms,
        "created_at": rows.moment(upload.created_at),
        "expires_at": rows.moment(upload.expires_at),
        "message": _message(house, db, talk, upload),
    }


def _message(house: House, db: Session, talk: Conversation, upload: Upload) -> Row:
    """What sends it, as LINE takes it."""
    address = address_of(house, upload)
    match upload.kind:
        case "file":
            if upload.expires_at is None:
                raise ValueError("a file without its last day")
            return card_of(house, db, talk, upload, upload.expires_at)
        case "audio":
            return {"type": "audio", "originalContentUrl": address, "duration": upload.duration_ms}
    preview = address_of(house, upload, PREVIEW)
    return {"type": upload.kind, "originalContentUrl": address, "previewImageUrl": preview}
