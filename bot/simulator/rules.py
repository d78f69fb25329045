"""LINE's rules for messages, and its own words when they are broken.

Messaging API reference, "Message objects", checked 2026-08.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.simulator.actions import Place, find_action_errors
from bot.simulator.lengths import Detail, find_empty, find_too_long, find_wrong_size
from bot.simulator.templates import find_flex_errors, find_template_errors

MAX_MESSAGES = 5
MAX_QUICK_REPLIES = 13
MAX_EMOJIS = 20
MAX_IMAGEMAP_ACTIONS = 50
KNOWN_TYPES = frozenset(
    {"text", "textV2", "sticker", "image", "video", "audio", "location", "imagemap", "template",
     "flex", "coupon"}
)  # fmt: skip
REQUIRED = {
    "text": ("text",),
    "textV2": ("text",),
    "sticker": ("packageId", "stickerId"),
    "image": ("originalContentUrl", "previewImageUrl"),
    "video": ("originalContentUrl", "previewImageUrl"),
    "audio": ("originalContentUrl", "duration"),
    "location": ("title", "address", "latitude", "longitude"),
    "imagemap": ("baseUrl", "altText", "baseSize"),
    "template": ("altText", "template"),
    "flex": ("altText", "contents"),
    "coupon": ("couponId",),
}
# In UTF-16 units.
LENGTHS = {
    "text": {"text": 5000},
    "textV2": {"text": 5000},
    "video": {"trackingId": 100},
    "location": {"title": 100, "address": 100},
    "imagemap": {"altText": 1500},
    "template": {"altText": 1500},
    "flex": {"altText": 1500},
    "coupon": {"deliveryTag": 30},
}
URLS = ("originalContentUrl", "previewImageUrl", "baseUrl")
MAX_URL = 2000
# LINE fetches over https alone. What stands beside the simulator itself has no certificate.
FETCHED = ("https://", "http://127.0.0.1:", "http://localhost:")
MAX_SENDER_NAME = 20


def find_errors(messages: Any) -> list[Detail]:
    """What LINE would refuse, with the property that is wrong."""
    wrong = find_wrong_size(messages, 1, MAX_MESSAGES, "messages")
    if wrong:
        return wrong
    return [
        detail
        for number, message in enumerate(messages)
        for detail in _message_errors(message, f"messages[{number}]")
    ]


def error_body(details: Sequence[Detail]) -> dict[str, Any]:
    """LINE's answer to a request that breaks its rules."""
    message = f"The request body has {len(details)} error(s)"
    return {"message": message, "details": list(details)}


def _message_errors(message: Any, place: str) -> list[Detail]:
    if not isinstance(message, Mapping) or message.get("type") not in KNOWN_TYPES:
        return [{"message": "Must be one of the message types", "property": f"{place}.type"}]
    kind = str(message["type"])
    found = find_empty(message, REQUIRED[kind], place)
    for key, most in LENGTHS.get(kind, {}).items():
        found += find_too_long(message, key, most, place)
    found += _url_errors(message, place)
    if not found:
        found = _kind_errors(kind, message, place)
    found += _sender_errors(message.get("sender"), f"{place}.sender")
    return found + _quick_reply_errors(message.get("quickReply"), f"{place}.quickReply")


def _kind_errors(kind: str, message: Mapping[str, Any], place: str) -> list[Detail]:
    match kind:
        case "text":
            return _emoji_errors(message["text"], message.get("emojis"), place)
        case "template":
            return find_template_errors(message["template"], f"{place}.template")
        case "flex":
            return find_flex_errors(message["contents"], f"{place}.contents")
        case "imagemap":
            actions = message.get("actions")
            return find_wrong_size(actions, 1, MAX_IMAGEMAP_ACTIONS, f"{place}.actions")
    return []


def _url_errors(message: Mapping[str, Any], place: str) -> list[Detail]:
    found = []
    for key in URLS:
        found += find_too_long(message, key, MAX_URL, place)
        if key in message and not str(message[key]).startswith(FETCHED):
            found.append({"message": "Must be an HTTPS URL", "property": f"{place}.{key}"})
    return found


def _emoji_errors(text: str, emojis: Any, place: str) -> list[Detail]:
    """Each emoji stands for a `$`, whose index is counted in UTF-16 units."""
    if emojis is None:
        return []
    wrong = find_wrong_size(emojis, 1, MAX_EMOJIS, f"{place}.emojis")
    units = text.encode("utf-16-le", "surrogatepass")
    for number, emoji in enumerate([] if wrong else emojis):
        index = emoji.get("index") if isinstance(emoji, Mapping) else None
        if not isinstance(index, int) or units[2 * index : 2 * index + 2] != b"$\0":
            path = f"{place}.emojis[{number}].index"
            wrong.append({"message": "Must be the place of a $", "property": path})
    return wrong


def _sender_errors(sender: Any, place: str) -> list[Detail]:
    if sender is None:
        return []
    if not isinstance(sender, Mapping):
        return [{"message": "Must be an object", "property": place}]
    found = find_too_long(sender, "name", MAX_SENDER_NAME, place)
    return found + find_too_long(sender, "iconUrl", MAX_URL, place)


def _quick_reply_errors(quick_reply: Any, place: str) -> list[Detail]:
    if quick_reply is None:
        return []
    items = quick_reply.get("items") if isinstance(quick_reply, Mapping) else None
    wrong = find_wrong_size(items, 1, MAX_QUICK_REPLIES, f"{place}.items")
    if wrong or not isinstance(items, list):
        return wrong
    found = []
    for number, item in enumerate(items):
        action = item.get("action") if isinstance(item, Mapping) else None
        found += find_action_errors(action, Place(f"{place}.items[{number}].action", is_quick=True))
    return found
