"""A card as LINE takes it: its JSON with every hole filled, and whether it is too large.

Messaging API reference, "Flex Message": 30 KB for a bubble, 50 KB for a carousel; checked 2026-11.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flows.language.grammar.parts import Content, FlexFile, Words
from flows.language.nodes import Scalar
from flows.language.templates import Template

LETTERS = frozenset({"text", "span"})
MOST_KIB = {"bubble": 30, "carousel": 50}
Show = Callable[[Template], str]


def contents_of(card: FlexFile, show: Show) -> str:
    """LINE's `contents` as JSON. A text that comes out empty is left out: LINE refuses it."""
    return json.dumps(_plain(card.contents, show), ensure_ascii=False, separators=(",", ":"))


def kib_over(contents: str) -> int | None:
    """The most KiB that LINE takes, when this is more; None when it is not."""
    most = MOST_KIB[json.loads(contents)["type"]]
    return most if len(contents.encode()) > most * 1024 else None


def words_on(contents: str) -> list[str]:
    """The texts and the buttons' labels of a card's JSON, from top to bottom."""
    return list(_words_in(json.loads(contents)))


def _words_in(part: Any) -> Iterator[str]:
    if isinstance(part, list):
        for item in part:
            yield from _words_in(item)
    elif isinstance(part, dict):
        key = "text" if part.get("type") in LETTERS else "label"
        if part.get(key):
            yield part[key]
        for value in part.values():
            yield from _words_in(value)


def _plain(content: Content, show: Show) -> Any:
    match content:
        case Words():
            return show(content.template)
        case Scalar():
            return content.text
        case tuple():
            return [part for part in (_plain(item, show) for item in content) if not _is_mute(part)]
        case Mapping():
            return {key: _plain(value, show) for key, value in content.items()}
        case _:
            return content


def _is_mute(part: Mapping[str, Any]) -> bool:
    return part["type"] in LETTERS and not part.get("text") and not part.get("contents")
