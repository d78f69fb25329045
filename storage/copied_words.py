"""Words of a customer, found again in what was made of them: pure, on one text or number.

A copy is the same words in any width, case and punctuation, because answers are kept as they were
understood: ０９０－１２３４ as 0901234. Where a text is the flow's own, nothing is a copy; and a
number is none inside a longer number, a moment or a date.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

REMOVED = "…"
SHORTEST_PART = 4  # signs: what is shorter is not looked for with other signs in between
_IN_CONTENT = ("text", "title", "address", "fileName")
_SIGN = re.compile(r"[\W_]")
_DIGIT_BEFORE = re.compile(r"\d[:/.,\-]?\Z")
_DIGIT_AFTER = re.compile(r"[:/.,\-]?\d")
_ADDRESS = re.compile(r"https?://[!-~]+")
_Span = tuple[int, int]


def words_of(
    said: Iterable[tuple[Mapping[str, Any], str | None]], shown: Iterable[int] = ()
) -> tuple[str, ...]:
    """What messages say, longest first. said: the content and the text of each.

    shown: how many signs of a long text are shown elsewhere.
    """
    found = [one for content, text in said for one in (text, *map(content.get, _IN_CONTENT))]
    whole = {one.strip() for one in found if isinstance(one, str)}
    parts = {one[:length].strip() for one in whole for length in shown}
    return longest_first(whole | parts)


def longest_first(words: Iterable[str]) -> tuple[str, ...]:
    """Each once; none that is empty."""
    return tuple(sorted({*words} - {""}, key=lambda one: (-len(one), one)))


def is_copy(text: str, words: Iterable[str]) -> bool:
    """Whether a text is those words and nothing else."""
    plain = squash(text)
    return any(text.strip() == one or plain == squash(one) != "" for one in words)


def without(text: str, words: Iterable[str], spared: Sequence[str] = ()) -> str:
    """The text with no copy of the words in it. spared: pieces of it that are nobody's copy."""
    if is_copy(text, words):
        return REMOVED
    for one in words:
        keep = [*_addresses(text), *(s for piece in spared for s in _places_of(text, piece))]
        for start, end in reversed([*_copies(text, one)]):
            if not any(_is_inside((start, end), each) for each in keep):
                text = text[:start] + REMOVED + text[end:]
    return text


def shown(leaf: str | float) -> str:
    """A value as texts show it."""
    return leaf if isinstance(leaf, str) else f"{leaf:.15g}"


def is_short_number(leaf: str | float) -> bool:
    """Whether many a value is the same by chance."""
    plain = squash(shown(leaf))
    return len(plain) < SHORTEST_PART and plain.isdigit()


def squash(text: str) -> str:
    """Letters and digits alone, in one width and case."""
    return "".join(sign for sign, _ in _folded(text))


def _folded(text: str) -> Iterator[tuple[str, int]]:
    """The same, each with its place in the text."""
    for place, sign in enumerate(text):
        for one in unicodedata.normalize("NFKD", sign).casefold():
            if not _SIGN.match(one) or unicodedata.combining(one):
                yield one, place


def _copies(text: str, word: str) -> Iterator[_Span]:
    plain = squash(word)
    if not plain:
        yield from () if _is_punctuation(word) else _places_of(text, word)
        return
    signs = [*_folded(text)]
    for first, last in _places_of("".join(sign for sign, _ in signs), plain):
        start, end = signs[first][1], signs[last - 1][1] + 1
        is_close = len(plain) >= SHORTEST_PART or not _SIGN.search(text[start:end])
        if is_close and _stands_alone(text, start, end, plain):
            yield start, end


def _addresses(text: str) -> Iterator[_Span]:
    yield from (one.span() for one in _ADDRESS.finditer(text))


def _is_inside(span: _Span, other: _Span) -> bool:
    return span != other and other[0] <= span[0] and span[1] <= other[1]


def _places_of(text: str, piece: str) -> Iterator[_Span]:
    start = text.find(piece)
    while start >= 0:
        yield start, start + len(piece)
        start = text.find(piece, start + len(piece))


def _stands_alone(text: str, start: int, end: int, plain: str) -> bool:
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if plain.isdigit() and (_DIGIT_BEFORE.search(before) or _DIGIT_AFTER.match(after)):
        return False
    if len(plain) == 1 and not plain.isascii():
        return not (_is_letter(before[-1:]) or _is_letter(after[:1]))
    begins_inside = _is_latin(plain[0]) and _is_latin(before[-1:])
    return not (begins_inside or (_is_latin(plain[-1]) and _is_latin(after[:1])))


def _is_letter(sign: str) -> bool:
    return sign != "" and not _SIGN.match(sign)


def _is_latin(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()


def _is_punctuation(word: str) -> bool:
    return all(unicodedata.category(sign)[0] in "PZ" for sign in word)
