"""Pictures, films, sounds and files that staff give, before they are sent: kept, named, taken back.

What comes back holds the message that sends it, in LINE's own shape, with signed addresses.
"""

from collections.abc import Callable

from sqlmodel import Session

from console.door import Asker, House, Row
from console.given_files import keep_given
from console.planned_files import card_of
from console.sent_files import renamed
from console.sent_media import PREVIEW, address_of
from console.taking_files import Taking, form_field, given_file, given_poster, take_file
from console.upload_bodies import UploadName
from storage import rows, uploads
from storage.conversations import get_conversation
from storage.models.talks import Conversation
from storage.models.uploads import Upload
from storage.refusals import NotFound
from storage.uploads import Kept


def add(house: House, asker: Asker) -> tuple[Row, int]:
    """Take a file for a talk: 201, or 200 for one that is here already under the same id."""

    def taking() -> Taking:
        talk_id = form_field("conversation_id")

        def find(db: Session) -> Conversation:
            return get_conversation(db, asker.scope, talk_id)

        return Taking(
            find=lambda db: uploads.place_in(find(db)),
            read=lambda: _reading(house),
            row=lambda db, upload: _row(house, db, find(db), upload),
        )

    return take_file(house, asker, taking)


def rename(house: House, asker: Asker, upload_id: str, body: UploadName) -> Row:
    """Another name for what was not sent yet; what it is does not change."""

    def write(db: Session) -> Row:
        upload = uploads.own_unsent(db, asker.operator.id, upload_id)
        talk = _talk_of(db, asker, upload)
        upload.name = renamed(upload.name, body.name)
        db.add(upload)
        return _row(house, db, talk, upload)

    return house.store.write(write)


def withdraw(house: House, asker: Asker, upload_id: str) -> Row:
    """It is not to be sent: its file goes with the next sweep."""

    def write(db: Session) -> Row:
        upload = uploads.own_unsent(db, asker.operator.id, upload_id)
        uploads.withdraw(db, upload, house.clock())
        return {}

    return house.store.write(write)


def _talk_of(db: Session, asker: Asker, upload: Upload) -> Conversation:
    """Raises NotFound also for what belongs to no talk: a broadcast's picture has no other name."""
    if upload.conversation_id is None:
        raise NotFound
    return get_conversation(db, asker.scope, upload.conversation_id)


def _reading(house: House) -> Callable[[], Kept]:
    (name, content), poster = given_file(), given_poster()
    return lambda: keep_given(house, name, content, poster)


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
