"""What a person does with their phone: each deed becomes the event that LINE would send."""

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any

from bot.simulator.state import Friend, Simulator

SENDABLE = ("text", "sticker", "image", "video", "audio", "file", "location")
WITH_CONTENT = frozenset({"image", "video", "audio", "file"})
QUOTABLE = frozenset({"text", "sticker", "image", "video"})  # what LINE gives a quote token for
Given = Mapping[str, Any]


class Refused(Exception):
    """The control API cannot do that."""


def do(simulator: Simulator, friend: Friend, deed: str, given: Given) -> dict[str, Any]:
    """The event of a deed. Raises Refused."""
    work = DEEDS.get(deed)
    if work is None:
        raise Refused(f"a friend cannot {deed!r}; they can {', '.join(DEEDS)}")
    if friend.is_blocked and deed not in {"follow", "block", "unsend"}:
        raise Refused("they have blocked the account: LINE lets them write only after a follow")
    return work(simulator, friend, given)


def _say(simulator: Simulator, friend: Friend, given: Given) -> dict[str, Any]:
    text = given.get("text")
    if not isinstance(text, str) or not text:
        raise Refused("text is wanted")
    return _message(simulator, friend, {"type": "text", "text": text})


def _send(simulator: Simulator, friend: Friend, given: Given) -> dict[str, Any]:
    message = given.get("message")
    if not isinstance(message, Mapping) or message.get("type") not in SENDABLE:
        raise Refused(f"message.type is one of {', '.join(SENDABLE)}")
    if message["type"] == "text" and not message.get("text"):
        raise Refused("message.text is wanted")
    upload = _upload(given)
    event = _message(simulator, friend, {**_PLAIN[message["type"]], **message})
    if upload is not None:
        simulator.uploads[event["message"]["id"]] = upload
    return event


def _upload(given: Given) -> tuple[bytes, str] | None:
    """The very file that is sent, and what it claims to be; without it, a sample is made."""
    if "content_base64" not in given:
        return None
    try:
        content = base64.b64decode(str(given["content_base64"]), validate=True)
    except binascii.Error as error:
        raise Refused("content_base64 is not base64") from error
    return content, str(given.get("mime", "application/octet-stream"))


def _message(simulator: Simulator, friend: Friend, message: dict[str, Any]) -> dict[str, Any]:
    shown = simulator.show(friend, {"from": "friend", "message": message})
    message["id"] = shown["id"]
    if message["type"] in QUOTABLE:
        message["quoteToken"] = simulator.quote_token(shown["id"])
    message["markAsReadToken"] = simulator.read_token(shown["id"])
    friend.wrote_at = simulator.now()
    if message["type"] in WITH_CONTENT:
        simulator.contents[shown["id"]] = (friend.user_id, message["type"], simulator.now())
    return {"type": "message", "message": message}


def _tap(simulator: Simulator, friend: Friend, given: Given) -> dict[str, Any]:
    data, label = str(given.get("data", "")), str(given.get("label", ""))
    if label:
        simulator.show(friend, {"from": "friend", "message": {"type": "text", "text": label}})
    return {"type": "postback", "postback": {"data": data}}


def _pick(_simulator: Simulator, _friend: Friend, given: Given) -> dict[str, Any]:
    params = {key: str(given[key]) for key in ("date", "time", "datetime") if key in given}
    if len(params) != 1:
        raise Refused("one of date, time, datetime is wanted")
    return {"type": "postback", "postback": {"data": str(given.get("data", "")), "params": params}}


def _follow(simulator: Simulator, friend: Friend, _given: Given) -> dict[str, Any]:
    was_blocked, friend.is_friend, friend.is_blocked = friend.is_blocked, True, False
    simulator.changed()
    return {"type": "follow", "follow": {"isUnblocked": was_blocked}}


def _block(simulator: Simulator, friend: Friend, _given: Given) -> dict[str, Any]:
    friend.is_blocked = True
    simulator.changed()
    return {"type": "unfollow"}


def _edit(simulator: Simulator, friend: Friend, given: Given) -> dict[str, Any]:
    """Their own text, changed: the same id, a new token to quote it with."""
    item = _own(friend, str(given.get("message_id", "")))
    text = given.get("text")
    if item["message"]["type"] != "text" or not isinstance(text, str) or not text:
        raise Refused("only a text can be changed, and into a text")
    item["message"]["text"], item["edited"] = text, True
    simulator.changed()
    token = f"quote-{item['id']}-{int(simulator.now() * 1000)}"
    message = {"type": "text", "id": item["id"], "text": text, "quoteToken": token}
    return {"type": "messageEdited", "message": message}


def _happen(_simulator: Simulator, _friend: Friend, given: Given) -> dict[str, Any]:
    """What happens to them beside talking, with LINE's own keys."""
    event = given.get("event")
    if not isinstance(event, Mapping) or event.get("type") not in _HAPPENING:
        raise Refused(f"event.type is one of {', '.join(_HAPPENING)}")
    return {**_HAPPENING[event["type"]], **event}


def _unsend(simulator: Simulator, friend: Friend, given: Given) -> dict[str, Any]:
    message_id = str(given.get("message_id", ""))
    item = _own(friend, message_id)
    item["unsent"] = True
    if message_id in simulator.contents:
        simulator.contents[message_id] = (friend.user_id, "gone", simulator.now())
        simulator.uploads.pop(message_id, None)
    simulator.changed()
    return {"type": "unsend", "unsend": {"messageId": message_id}}


def _own(friend: Friend, message_id: str) -> dict[str, Any]:
    own = (item for item in friend.screen if item["from"] == "friend")
    item = next((item for item in own if item["id"] == message_id), None)
    if item is None:
        raise Refused(f"they have sent no message {message_id!r}")
    return item


DEEDS: dict[str, Callable[[Simulator, Friend, Given], dict[str, Any]]] = {
    "say": _say,
    "send": _send,
    "tap": _tap,
    "pick": _pick,
    "follow": _follow,
    "block": _block,
    "unsend": _unsend,
    "edit": _edit,
    "happen": _happen,
}
_HAPPENING: dict[str, dict[str, Any]] = {
    "beacon": {"beacon": {"hwid": "d41d8cd98f", "type": "enter"}},
    "accountLink": {"link": {"result": "ok", "nonce": "sample-nonce"}},
    "membership": {"membership": {"type": "joined", "membershipId": 3189}},
    "things": {"things": {"deviceId": "t1-sample", "type": "link"}},
    "videoPlayComplete": {"videoPlayComplete": {"trackingId": "sample"}},
}
_PLAIN: dict[str, dict[str, Any]] = {
    "text": {},
    "sticker": {
        "packageId": "446",
        "stickerId": "1988",
        "stickerResourceType": "STATIC",
        "keywords": ["よろしく"],
    },
    "image": {"contentProvider": {"type": "line"}},
    "video": {"contentProvider": {"type": "line"}, "duration": 3000},
    "audio": {"contentProvider": {"type": "line"}, "duration": 3000},
    "file": {"fileName": "見本.txt", "fileSize": 40},
    "location": {
        "title": "見本の場所",
        "address": "東京都千代田区丸の内1-9-1",
        "latitude": 35.6812,
        "longitude": 139.7671,
    },
}
