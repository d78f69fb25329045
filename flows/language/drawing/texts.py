"""Japanese in a picture: how wide a text is, where it is broken, what is left out."""

from unicodedata import east_asian_width

import regex

_GRAPHEME = regex.compile(r"\X")
_WIDE = 2  # a Japanese sign is as wide as two Latin ones


def width_of(text: str) -> int:
    """In Latin signs."""
    return sum(_width(sign) for sign in _GRAPHEME.findall(text))


def shortened(text: str, most: int) -> str:
    """At most so wide, with … for the rest; no sign is cut in two."""
    if width_of(text) <= most:
        return text
    kept, width = "", 0
    for sign in _GRAPHEME.findall(text):
        width += _width(sign)
        if width > most - _WIDE:
            break
        kept += sign
    return f"{kept}…"


def wrapped(text: str, most: int, lines: int) -> list[str]:
    """The text in at most so many lines, each at most so wide."""
    found: list[str] = [""]
    for sign in _GRAPHEME.findall(text):
        is_break = sign in {"\n", "\r\n"}
        if is_break or width_of(found[-1]) + _width(sign) > most:
            found.append("")
        found[-1] += "" if is_break else sign
    kept = [line for line in found if line.strip()]
    if len(kept) > lines:
        rest = kept[lines - 1] + "…" * most  # longer than the line, so that it ends with …
        kept = [*kept[: lines - 1], shortened(rest, most)]
    return kept or [""]


def _width(grapheme: str) -> int:
    return _WIDE if east_asian_width(grapheme[0]) in "WFA" else 1
