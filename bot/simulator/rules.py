"""LINE's rules for messages, and its own words when they are broken."""

from collections.abc import Mapping, Sequence
from typing import Any

MAX_MESSAGES = 5
MAX_QUICK_REPLIES = 13
MAX_TEXT = 5000
MAX_DATA = 300
KNOWN_TYPES = frozenset(
    {"text", "textV2", "sticker", "image", "video", "audio", "location", "imagemap", "template",
     "flex", "coupon"}
)  # fmt: skip
REQUIRED = {
    "text": ("text",),
    "sticker": ("packageId", "stickerId"),
    "image": ("originalContentUrl", "previewImageUrl"),
    "video": ("originalContentUrl", "previewImageUrl"),
    "audio": ("originalContentUrl", "duration"),
    "location": ("title", "address", "latitude", "longitude"),
    "template": ("altText", "template"),
    "flex": ("altText", "contents"),
}

Detail = dict[str, str]


def find_errors(messages: Any) -> list[Detail]:
    """What LINE would refuse, with the property that is wrong."""
    if not isinstance(messages, list) or not 1 <= len(messages) <= MAX_MESSAGES:
        return [{"message": "Size must be between 1 and 5", "property": "messages"}]
    return [
        detail
        for number, message in enumerate(messages)
        for detail in _message_errors(message, f"messages[{number}]")
    ]


def error_body(details: Sequence[Detail]) -> dict[str, Any]:
    """LINE's answer to a request that breaks its rules."""
    message = f"The request body has {len(details)} error(s)"
    return {"message": message, "details": list(details)}


def count_units(text: str) -> int:
    """UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def _message_errors(message: Any, place: str) -> list[Detail]:
    if not isinstance(message, Mapping) or message.get("type") not in KNOWN_TYPES:
        return [{"message": "Must be one of the message types", "property": f"{place}.type"}]
    kind = str(message["type"])
    found = [
        {"message": "May not be empty", "property": f"{place}.{key}"}
        for key in REQUIRED.get(kind, ())
        if message.get(key) in (None, "")
    ]
    if kind == "text" and count_units(str(message.get("text", ""))) > MAX_TEXT:
        text = {"message": "Length must be between 0 and 5000", "property": f"{place}.text"}
        found.append(text)
    if kind == "template" and isinstance(message.get("template"), Mapping):
        actions = message["template"].get("actions", [])
        found += _actions_errors(actions, f"{place}.template.actions", most=4)
    return found + _quick_reply_errors(message.get("quickReply"), f"{place}.quickReply")


def _quick_reply_errors(quick_reply: Any, place: str) -> list[Detail]:
    if quick_reply is None:
        return []
    items = quick_reply.get("items") if isinstance(quick_reply, Mapping) else None
    if not isinstance(items, list):
        return [{"message": "May not be empty", "property": f"{place}.items"}]
    actions = [item.get("action") if isinstance(item, Mapping) else None for item in items]
    return _actions_errors(actions, f"{place}.items", most=MAX_QUICK_REPLIES)


def _actions_errors(actions: Any, place: str, *, most: int) -> list[Detail]:
    if not isinstance(actions, list) or not 1 <= len(actions) <= most:
        return [{"message": f"Size must be between 1 and {most}", "property": place}]
    found = []
    for number, action in enumerate(actions):
        if not isinstance(action, Mapping) or "type" not in action:
            found.append({"message": "May not be empty", "property": f"{place}[{number}]"})
            continue
        data = str(action.get("data", ""))
        if action["type"] == "postback" and not 1 <= count_units(data) <= MAX_DATA:
            detail = "Length must be between 1 and 300"
            found.append({"message": detail, "property": f"{place}[{number}].data"})
    return found
