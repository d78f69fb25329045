"""A test of a talk as the text of its file."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flows.language.templates import show

# What means something to YAML, or looks like a Japanese keyboard's slip, stands in quotes.
_SPECIAL = r"\[\]{},:#'\"\n\uff1a\u3000"
PLAIN = re.compile(rf"[^\s&*!|>%@`?=~<{_SPECIAL}-][^{_SPECIAL}]*")
LOOKS_LIKE_NOTHING = frozenset({"null", "~", ""})


def write_talk_test(
    flow: str, day: date, given: Mapping[str, Any], talk: Sequence[tuple[str, Any]]
) -> str:
    """One case: how it begins, and what was said and is expected."""
    lines = [
        f"test: {flow}",
        "cases:",
        f"  - name: {day.isoformat()} の会話から",
        f"    given: {written(given)}",
        "    talk:",
        *(f"      - {kind}: {written(value)}" for kind, value in talk),
    ]
    return "\n".join(lines) + "\n"


def written(value: Any) -> str:
    """A value in YAML, on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {written(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(written(item) for item in value) + "]"
    text = "yes" if value is True else "no" if value is False else show(value)
    is_plain = PLAIN.fullmatch(text) and text == text.strip() and text not in LOOKS_LIKE_NOTHING
    return text if is_plain else json.dumps(text, ensure_ascii=False)
