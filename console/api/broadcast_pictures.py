"""Pictures of broadcasts: given once for an account, then named by the bubbles that show them."""

from collections.abc import Callable
from pathlib import PurePosixPath

from sqlmodel import Session

from console.door import Asker, House, Row
from console.given_files import PICTURE_ENDINGS, keep_given
from console.refusals import BadFile
from console.sent_media import PREVIEW, address_of
from console.taking_files import Taking, form_field, given_file, take_file
from storage.models.people import Account
from storage.models.uploads import Upload
from storage.refusals import NotFound
from storage.uploads import Kept, Place


def add(house: House, asker: Asker) -> tuple[Row, int]:
    """Take a picture for an account: 201, or 200 for one that is here under the same id."""

    def taking() -> Taking:
        account_id = form_field("account")

        def find(db: Session) -> Place:
            if not asker.scope.allows(account_id) or db.get(Account, account_id) is None:
                raise NotFound
            return Place(account_id)

        return Taking(find, lambda: _reading(house), lambda db, one: _row(house, find(db), one))

    return take_file(house, asker, taking)


def _reading(house: House) -> Callable[[], Kept]:
    name, content = given_file()
    if PurePosixPath(name).suffix.lower() not in PICTURE_ENDINGS:
        raise BadFile
    return lambda: keep_given(house, name, content, None)


def _row(house: House, place: Place, upload: Upload) -> Row:
    if (upload.account_id, upload.conversation_id, upload.kind) != (
        place.account_id,
        None,
        "image",
    ):
        raise NotFound  # it was given under the same id for something else
    return {
        "id": upload.id,
        "client_upload_id": upload.client_upload_id,
        "account": upload.account_id,
        "name": upload.name,
        "mime": upload.mime,
        "size_bytes": upload.size_bytes,
        "width": upload.width,
        "height": upload.height,
        "message": {
            "type": "image",
            "originalContentUrl": address_of(house, upload),
            "previewImageUrl": address_of(house, upload, PREVIEW),
        },
    }
