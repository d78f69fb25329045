"""Which of LINE's messages a person may send, and what LINE would refuse of them.

LINE's Messaging API reference, "Message objects"; checked 2026-08. What takes part in a flow
(quick replies, buttons) is the flows' own, so it is not sent by hand.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flows.line.limits import ALT_TEXT_UNITS, TEXT_UNITS, count_units

URL_LENGTH = 2000
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
    return isinstance(found, Mapping) and found.get("type") in {"bubble", "carousel"}


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


def find_wrong_part(message: Mapping[str, Any]) -> str | None:
    """The key that keeps a message from being sent by hand; None when it can be."""
    checks = _KINDS.get(str(message.get("type")))
    if checks is None:
        return "type"
    odd = [key for key in message if key != "type" and key not in checks]
    wrong = [key for key, is_right in checks.items() if not is_right(message.get(key))]
    return next(iter([*odd, *wrong]), None)
