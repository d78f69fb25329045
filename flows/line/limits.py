"""LINE's limits, counted as LINE counts: UTF-16 units, but labels in what a person sees as a sign.

LINE's Messaging API reference, "Message objects" and "Character counting"; checked 2026-08.
"""

import regex

TEXT_UNITS = 5000
MESSAGES_PER_CALL = 5
QUICK_REPLIES = 13
LABEL_GRAPHEMES = 20
POSTBACK_UNITS = 300
BUTTONS = 4
BUTTONS_TEXT_GRAPHEMES = 160
ALT_TEXT_UNITS = 1500
CARD_BYTES = 30 * 1024  # of a flex message's bubble, as JSON

LEAST_PART = 0.4  # of what LINE takes: a shorter piece looks torn off

_GRAPHEME = regex.compile(r"\X")
_SENTENCE_END = regex.compile(r"(?:[。！？!?…]+[」』）)\"'”’]*|\n+|\.(?=\s))\s*")


def count_units(text: str) -> int:
    """UTF-16 code units: most emoji are two."""
    return len(text.encode("utf-16-le")) // 2


def count_graphemes(text: str) -> int:
    """What a person sees as signs: 👨‍👩‍👧 is one."""
    return len(_GRAPHEME.findall(text))


def cut_graphemes(text: str, most: int) -> str:
    """The text, or its beginning with … when it is too long. Never cut inside a sign."""
    signs = _GRAPHEME.findall(text)
    return text if len(signs) <= most else "".join(signs[: most - 1]) + "…"


def cut_units(text: str, most: int) -> str:
    """The text, or as much of its beginning as LINE takes. Never cut inside a sign."""
    return text[: _sign_end(text, most)]


def split_text(text: str, most: int = TEXT_UNITS) -> list[str]:
    """The text in pieces that LINE takes, cut where a sentence or a line ends, else between signs.

    Only a single sign that is longer than LINE takes is cut, between two of its code points.
    """
    pieces: list[str] = []
    while text:
        end = _sign_end(text, most)
        if end < len(text):
            end = _sentence_end(text[:end], most) or end
        pieces.append(text[:end])
        text = text[end:]
    return pieces


def _sign_end(text: str, most: int) -> int:
    """How far one can go by whole signs; at least by one code point."""
    size = end = 0
    for sign in _GRAPHEME.finditer(text):
        size += count_units(sign[0])
        if size > most:
            break
        end = sign.end()
    return end or _point_end(text, most)


def _point_end(text: str, most: int) -> int:
    end = min(len(text), max(1, most))
    while end > 1 and count_units(text[:end]) > most:
        end -= 1
    return end


def _sentence_end(piece: str, most: int) -> int | None:
    """The last end of a sentence or line; None when what is before it would look torn off."""
    ends = [found.end() for found in _SENTENCE_END.finditer(piece)]
    return ends[-1] if ends and count_units(piece[: ends[-1]]) >= most * LEAST_PART else None
