"""Files of messages for a later moment: kept until then, and their days count from there.

A card tells until which day its file can be opened, so that it is made anew whenever the moment is
another one.
"""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from console.door import House, Row
from console.file_cards import file_card
from console.refusals import UploadGone
from console.sending import Origins
from console.sent_media import address_of
from storage import uploads
from storage.models.people import Friend
from storage.models.talks import Conversation
from storage.models.uploads import Upload
from storage.rows import moment

Said = tuple[list[dict[str, Any]], Origins]


def counted_from(  # what is said, in which talk of which house, and the two moments
    house: House, db: Session, talk: Conversation, said: Said, send_at: datetime,
    now: datetime,
) -> Said:  # fmt: skip
    """The same messages, with files that can be opened for their days from that moment on.

    Raises UploadGone for one that is not here any more.
    """
    messages, origins = said
    pairs = [
        _lasting(house, db, talk, (message, origin), send_at, now)
        for message, origin in zip(messages, origins or [None] * len(messages), strict=True)
    ]
    return [message for message, _ in pairs], [origin for _, origin in pairs]


def card_of(
    house: House, db: Session, talk: Conversation, upload: Upload, until: datetime
) -> dict[str, Any]:
    """What sends a file, as LINE takes it."""
    friend = db.get_one(Friend, talk.friend_id)
    return file_card(
        upload.name,
        upload.size_bytes,
        until,
        ZoneInfo(house.settings.timezone),
        address_of(house, upload),
        language="en" if (friend.language or "ja").startswith("en") else "ja",
    )


def _lasting(  # as above
    house: House, db: Session, talk: Conversation, pair: tuple[dict[str, Any], Row | None],
    send_at: datetime, now: datetime,
) -> tuple[dict[str, Any], Row | None]:  # fmt: skip
    message, origin = pair
    ids = uploads.files_of([origin])
    if origin is None or not ids:
        return pair
    upload = db.get(Upload, ids[0], with_for_update=True)
    if upload is None or uploads.is_over(upload, now):
        raise UploadGone
    until = uploads.keep_until_sent(db, upload, send_at)
    if until is None:
        return pair
    beside = {"quickReply": message["quickReply"]} if "quickReply" in message else {}
    told = {**origin["upload"], "until": moment(until)}
    return {**card_of(house, db, talk, upload, until), **beside}, {**origin, "upload": told}
