"""Which of LINE's messages a person may send, and what LINE would refuse of them.

LINE's Messaging API reference, "Message objects"; checked 2026-08. What answers a flow (postbacks,
buttons, pickers) is the flows' own, so it is not sent by hand: a person's quick replies only put
words into the customer's mouth.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from flows.line.limits import (
    ALT_TEXT_UNITS,
    CARD_BYTES,
    LABEL_GRAPHEMES,
    POSTBACK_UNITS,
    QUICK_REPLIES,
    TEXT_UNITS,
    count_graphemes,
    count_units,
)

URL_LENGTH = 2000
QUOTE_TOKEN_LENGTH = 500  # LINE names none; what it gives has about 100
PLACE_UNITS = 100
LATITUDE, LONGITUDE = 90, 180
Check = Callable[[Any], bool]


def _text(most: int) -> Check:
    return lambda found: (
        isinstance(found, str) and bool(found.strip()) and count_units(found) <= most
    )


def _number(most: int) -> Check:
    return lambda found: (
        isinstance(found, int | float) and not isinstance(found, bool) and abs(found) <= most
    )


def _is_digits(found: Any) -> bool:
    return isinstance(found, str) and found.isascii() and found.isdigit()


def _is_url(found: Any) -> bool:
    return isinstance(found, str) and found.startswith("https://") and len(found) <= URL_LENGTH


def _is_duration(found: Any) -> bool:
    return isinstance(found, int) and not isinstance(found, bool) and found > 0


def _is_container(found: Any) -> bool:
    if not isinstance(found, Mapping) or found.get("type") not in {"bubble", "carousel"}:
        return False
    return len(json.dumps(found, ensure_ascii=False).encode()) <= CARD_BYTES


def _is_quote_token(found: Any) -> bool:
    return isinstance(found, str) and 0 < len(found) <= QUOTE_TOKEN_LENGTH


def _is_quick_reply(found: Any) -> bool:
    if not isinstance(found, Mapping) or set(found) != {"items"}:
        return False
    items = found["items"]
    is_list = isinstance(items, list) and 0 < len(items) <= QUICK_REPLIES
    return is_list and all(_is_quick_item(item) for item in items)


def _is_quick_item(found: Any) -> bool:
    if not isinstance(found, Mapping) or set(found) != {"type", "action"}:
        return False
    action = found["action"]
    if found["type"] != "action" or not isinstance(action, Mapping):
        return False
    if set(action) != {"type", "label", "text"} or action["type"] != "message":
        return False
    label = action["label"]
    is_label = _text(POSTBACK_UNITS)(label) and count_graphemes(label) <= LABEL_GRAPHEMES
    return is_label and _text(POSTBACK_UNITS)(action["text"])


_KINDS: dict[str, dict[str, Check]] = {
    "text": {"text": _text(TEXT_UNITS)},
    "sticker": {"packageId": _is_digits, "stickerId": _is_digits},
    "image": {"originalContentUrl": _is_url, "previewImageUrl": _is_url},
    "video": {"originalContentUrl": _is_url, "previewImageUrl": _is_url},
    "audio": {"originalContentUrl": _is_url, "duration": _is_duration},
    "location": {
        "title": _text(PLACE_UNITS),
        "address": _text(PLACE_UNITS),
        "latitude": _number(LATITUDE),
        "longitude": _number(LONGITUDE),
    },
    "flex": {"altText": _text(ALT_TEXT_UNITS), "contents": _is_container},
}

_MAY_QUOTE = frozenset({"text", "sticker"})
_BESIDE: dict[str, Check] = {"quickReply": _is_quick_reply, "quoteToken": _is_quote_token}


def find_wrong_part(message: Mapping[str, Any]) -> str | None:
    """The key that keeps a message from being sent by hand; None when it can be."""
    checks = _KINDS.get(str(message.get("type")))
    if checks is None:
        return "type"
    kind = str(message["type"])
    beside = {
        key: is_right
        for key, is_right in _BESIDE.items()
        if key in message and (key != "quoteToken" or kind in _MAY_QUOTE)
    }
    checks = {**checks, **beside}
    odd = [key for key in message if key != "type" and key not in checks]
    wrong = [key for key, is_right in checks.items() if not is_right(message.get(key))]
    return next(iter([*odd, *wrong]), None)
