"""Words of a customer, found again in what was made of them: pure, on any tree of JSON.

A copy is the same words in any width, case and punctuation, because answers are kept as they were
understood: ０９０－１２３４ as 0901234. What only names a place in a flow is left as it is.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

REMOVED = "…"
SHORTEST_PART = 4  # signs: what is shorter is a copy only where it stands alone
_IN_CONTENT = ("text", "title", "address", "fileName")
_SIGNS = re.compile(r"[\W_]+")
_STRUCTURE = frozenset(
    {
        *("kind_of", "id", "flow", "hash", "step", "state", "phase", "run_id", "version", "tag"),
        *("key", "queue", "account", "timer", "status", "end", "type", "outcome", "entry", "kind"),
    }
)


def words_of(
    said: Iterable[tuple[Mapping[str, Any], str | None]], shown: Iterable[int] = ()
) -> tuple[str, ...]:
    """What messages say, longest first. said: the content and the text of each.

    shown: how many signs of a long text are shown elsewhere.
    """
    found = [one for content, text in said for one in (text, *map(content.get, _IN_CONTENT))]
    whole = {one.strip() for one in found if isinstance(one, str)}
    parts = {one[:length].strip() for one in whole for length in shown}
    return tuple(sorted((whole | parts) - {""}, key=lambda one: (-len(one), one)))


def not_in(words: Iterable[str], trees: Iterable[str]) -> tuple[str, ...]:
    """Those that none of these texts has itself. A word of one sign is in all of them."""
    known = [squash(tree) for tree in trees]
    return tuple(
        one for one in words if len(one) > 1 and not any(squash(one) in tree for tree in known)
    )


def is_copy(text: str, words: Iterable[str]) -> bool:
    """Whether a text is those words and nothing else."""
    return any(text.strip() == one or squash(text) == squash(one) != "" for one in words)


def without(tree: Any, words: Iterable[str]) -> Any:
    """The same tree with no copy of the words in it."""
    match tree:
        case str():
            return _without(tree, words)
        case list():
            return [without(part, words) for part in tree]
        case dict():
            return {
                key: part if isinstance(part, str) and key in _STRUCTURE else without(part, words)
                for key, part in tree.items()
            }
    return tree


def squash(text: str) -> str:
    """Letters and digits alone, in one width and case."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", text).casefold())


def _without(text: str, words: Iterable[str]) -> str:
    if is_copy(text, words):
        return REMOVED
    for one in words:
        if len(one) > 1:
            text = text.replace(one, REMOVED)
        plain = squash(one)
        if len(plain) >= SHORTEST_PART:
            text = _spelt_otherwise(plain).sub(REMOVED, text)
            if plain in squash(text):  # in another width: nobody knows where it begins
                return REMOVED
    return text


def _spelt_otherwise(plain: str) -> re.Pattern[str]:
    return re.compile(r"[\W_]*".join(map(re.escape, plain)), re.IGNORECASE)
