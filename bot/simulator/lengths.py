"""How LINE counts, and its own words for what is too long, too many or missing.

UTF-16 code units by default; grapheme clusters (what a person sees as one sign) for labels,
display texts and the texts of templates. Messaging API docs, "Character counting", 2026-08.
Counted here anew and not with the product's own limits, so that neither excuses the other.
"""

from collections.abc import Callable, Mapping
from typing import Any

import regex

Detail = dict[str, str]
_GRAPHEME = regex.compile(r"\X")


def count_units(text: str) -> int:
    """UTF-16 code units: most emoji are two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def count_graphemes(text: str) -> int:
    """What a person sees as signs: 👨‍👩‍👧 is one."""
    return len(_GRAPHEME.findall(text))


def find_empty(tree: Mapping[str, Any], keys: tuple[str, ...], place: str) -> list[Detail]:
    """The keys that are wanted and not there."""
    return [
        {"message": "May not be empty", "property": f"{place}.{key}"}
        for key in keys
        if tree.get(key) in (None, "")
    ]


def find_too_long(
    tree: Mapping[str, Any],
    key: str,
    most: int,
    place: str,
    count: Callable[[str], int] = count_units,
) -> list[Detail]:
    """A text that is no text, or over its limit; one that is not there is no error."""
    text = tree.get(key)
    if text is None or (isinstance(text, str) and count(text) <= most):
        return []
    return [{"message": f"Length must be between 0 and {most}", "property": f"{place}.{key}"}]


def find_wrong_size(found: Any, least: int, most: int, place: str) -> list[Detail]:
    """A list that is none, or has too few or too many in it."""
    if isinstance(found, list) and least <= len(found) <= most:
        return []
    return [{"message": f"Size must be between {least} and {most}", "property": place}]
