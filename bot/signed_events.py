"""What LINE signed, and which events are in it: bytes in, events out, or a refusal."""

import base64
import hmac
import json
import math
import re
from typing import Any

from storage.keepable import make_keepable

DEEPEST = 64  # LINE's own events have eight levels
_ESCAPED_ODDITY = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")  # a NUL, a half of a pair


def is_signed(secret: str, body: bytes, signature: str) -> bool:
    """Whether LINE, who knows the channel's secret, signed these very bytes."""
    expected = base64.b64encode(hmac.digest(secret.encode(), body, "sha256"))
    return hmac.compare_digest(expected, signature.encode("utf-8", "replace"))


def parse_events(body: bytes) -> list[dict[str, Any]] | None:
    """The events, raw; None when this is not the JSON of a webhook."""
    try:
        tree = _DECODER.decode(body.decode())
        _check_depth(body, tree)
        if _ESCAPED_ODDITY.search(body):  # rare; the walk is not for every event
            tree = make_keepable(tree)
    except (ValueError, RecursionError):
        return None
    events = tree.get("events") if isinstance(tree, dict) else None
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        return None
    return events


def _check_depth(body: bytes, tree: Any) -> None:
    """What can be read can still be too deep to be written down. Raises ValueError."""
    if body.count(b"[") + body.count(b"{") <= DEEPEST:  # the walk is not for every event
        return
    level = [tree]
    for _ in range(DEEPEST):
        parts = [part.values() if isinstance(part, dict) else part for part in level]
        level = [one for part in parts for one in part if isinstance(one, dict | list)]
        if not level:
            return
    raise ValueError("it is nested too deep")


def _no_number(word: str) -> float:
    """NaN and Infinity: Python would take them, JSON has none."""
    raise ValueError(word)


def _finite(digits: str) -> float:
    number = float(digits)
    return number if math.isfinite(number) else _no_number(digits)


_DECODER = json.JSONDecoder(parse_constant=_no_number, parse_float=_finite)
