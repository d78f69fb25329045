"""How texts are compared when people search: what is folded together, and where a hit stands.

Width, case, and hiragana and katakana are one (NFKC, case folded, カ as か): nobody knows by which
keyboard a name was typed. Signs that cannot be seen are left out, hyphens between digits, and white
space, because Japanese has none between words: 「山田 太郎」 is found by 「山田太郎」. Between two
Latin letters or digits a single space stays, or "tea ready" would be found by "are".
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

SHORTEST = 2  # characters of a search, when they are folded
LONGEST = 100
BEFORE, SHOWN = 24, 120  # characters of a snippet before its first hit, and in all

Place = tuple[int, int]

_KANA = {code: code - 0x60 for code in (*range(0x30A1, 0x30F7), 0x30FD, 0x30FE)}
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_EDGE = re.compile(r"\A\s+|\s+\Z")
_SPACE = re.compile(r"\s+")
_HYPHEN = re.compile(r"(?<=[0-9])[-\u2010-\u2015\u2212ー](?=[0-9])")
_LATIN = re.compile(r"[a-z0-9]")
_CLUSTER = re.compile(
    r".[\u0300-\u036f\u1160-\u11ff\u3099\u309a\uff9e\uff9f\u200b-\u200f\ufe00-\ufe0f]*", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text around its first hit. hits: [start, end) in its characters, in order."""

    text: str
    hits: tuple[Place, ...]


def fold(text: str) -> str:
    """The text as it is compared; what is folded stays as it is when it is folded again."""
    spaced = _SPACE.sub(_keep_between_latin, _fold_signs(text).strip())
    folded = _HYPHEN.sub("", spaced)
    # A mark that stood behind a space, as 「゛」 does, may now belong to the sign before it.
    is_whole = unicodedata.is_normalized("NFKC", folded)
    return folded if is_whole else _fold_signs(folded)


def read_words(query: str) -> tuple[str, ...]:
    """What a text must hold, every one of them; none when the query is too short to search for.

    White space parts words. One-character words count beside a longer one, and by themselves they
    are read as one: 「あ い」 is 「あい」.
    """
    words = {fold(part) for part in query.split()} - {""}
    if all(len(word) < SHORTEST for word in words):
        words = {fold(query)}
    if all(len(word) < SHORTEST for word in words):
        return ()
    return tuple(sorted(words, key=len, reverse=True))


def pairs(folded: str) -> set[str]:
    """Every two characters that stand beside each other."""
    return {folded[n : n + 2] for n in range(len(folded) - 1)}


def cut_snippet(text: str, words: tuple[str, ...]) -> Snippet | None:
    """What to show of a text; None when it does not hold all of the words."""
    whole = fold(text)
    if not all(word in whole for word in words):
        return None
    folded, places = _fold_with_places(text)
    spans = [span for word in words for span in _spans(folded, word)]
    found = [(places[a][0], places[b - 1][1]) for a, b in spans]
    # Signs that compose beyond their cluster have no place of their own: shown without a mark.
    hits = _join(sorted(found)) if found else [(0, 0)]
    start = max(0, hits[0][0] - BEFORE)
    end = max(start + SHOWN, hits[0][1])
    head, tail = "…" if start > 0 else "", "…" if end < len(text) else ""
    shift = len(head) - start
    shown = [(a + shift, min(b, end) + shift) for a, b in hits if a < b and a < end]
    return Snippet(head + text[start:end] + tail, tuple(shown))


def _fold_signs(text: str) -> str:
    seen = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold()
    # Folding may leave what composes anew. Once: 「ΐ」 is taken apart and composed for ever.
    return unicodedata.normalize("NFKC", seen).translate(_KANA)


def _keep_between_latin(space: re.Match[str]) -> str:
    whole, start, end = space.string, space.start(), space.end()
    is_between = _LATIN.match(whole[start - 1]) and _LATIN.match(whole[end])
    return " " if is_between else ""


def _fold_with_places(text: str) -> tuple[str, list[Place]]:
    """The folded text, and for each of its characters where it stands in the text."""
    signs, places = "", []
    for cluster in _CLUSTER.finditer(text):
        folded = _fold_signs(cluster.group())
        signs += folded
        places += [cluster.span()] * len(folded)
    for pattern, put in ((_EDGE, _nothing), (_SPACE, _keep_between_latin), (_HYPHEN, _nothing)):
        signs, places = _replace(pattern, put, signs, places)
    return signs, places


def _replace(
    pattern: re.Pattern[str], put: Callable[[re.Match[str]], str], signs: str, places: list[Place]
) -> tuple[str, list[Place]]:
    """`pattern.sub`, for the places too."""
    kept, known, last = "", [], 0
    for hit in pattern.finditer(signs):
        word = put(hit)
        kept += signs[last : hit.start()] + word
        known += [*places[last : hit.start()], *[places[hit.start()]] * len(word)]
        last = hit.end()
    return kept + signs[last:], known + places[last:]


def _nothing(_hit: re.Match[str]) -> str:
    return ""


def _spans(folded: str, word: str) -> list[Place]:
    return [(hit.start(), hit.end()) for hit in re.finditer(re.escape(word), folded)]


def _join(spans: list[Place]) -> list[Place]:
    """Spans that touch or overlap are one."""
    joined = [spans[0]]
    for start, end in spans[1:]:
        if start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
