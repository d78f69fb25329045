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

_GRAPHEME = regex.compile(r"\X")


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
    return next(iter(split_text(text, most)), "")


def split_text(text: str, most: int = TEXT_UNITS) -> list[str]:
    """The text in pieces that LINE takes, cut between signs."""
    pieces: list[str] = []
    piece: list[str] = []
    size = 0
    for sign in _GRAPHEME.findall(text):
        units = count_units(sign)
        if size + units > most:
            pieces.append("".join(piece))
            piece, size = [], 0
        piece.append(sign)
        size += units
    return [*pieces, "".join(piece)] if piece else pieces
