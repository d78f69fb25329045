"""The bubbles of a broadcast, checked whole before they are written down: texts, and pictures of
the account's own that lie here, because they are to be there when the moment comes.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from console.door import House
from console.refusals import UploadGone
from console.sending import check_messages
from console.sent_media import read_address

SHAPES = {
    "text": {"type", "text"},
    "image": {"type", "originalContentUrl", "previewImageUrl"},
}


def check_bubbles(house: House, messages: Sequence[Mapping[str, Any]]) -> list[str]:
    """The uploads that they show. Raises ValueError, UploadGone."""
    for number, message in enumerate(messages):
        if SHAPES.get(str(message.get("type"))) != set(message):
            raise ValueError(f"messages[{number}] is neither a text nor a picture")
    check_messages(house, messages)
    for number, message in enumerate(messages):
        if message["type"] == "text" and not message["text"].strip():
            raise ValueError(f"messages[{number}].text says nothing")
    return pictures_in(house, messages)


def pictures_in(house: House, messages: Sequence[Mapping[str, Any]]) -> list[str]:
    """The ids of the uploads that these show. Raises UploadGone for an address that is not ours."""
    found = [_picture(house, one) for one in messages if one["type"] == "image"]
    return list(dict.fromkeys(found))


def own_pictures_in(house: House, messages: Sequence[Mapping[str, Any]]) -> list[str]:
    """The same of what was written down before, when the house may have had another address."""
    of_each = [_ids(house, one) for one in messages if one["type"] == "image"]
    return list(dict.fromkeys(one for ids in of_each for one in ids if one is not None))


def _picture(house: House, message: Mapping[str, Any]) -> str:
    ids = _ids(house, message)
    upload_id = ids.pop()
    if ids or upload_id is None:
        raise UploadGone
    return upload_id


def _ids(house: House, message: Mapping[str, Any]) -> set[str | None]:
    return {read_address(house, message[key]) for key in ("originalContentUrl", "previewImageUrl")}
