"""When two texts are the same to us: what people type differs from what managers wrote.

２０代 = 20代, 「はい。」 = はい, 良い = 良い😊.
Hiragana and katakana, カラー and カラ, stay different.
"""

import unicodedata
from functools import lru_cache

import regex

_SPACES = regex.compile(r"\s+")
_FINAL_SIGNS = regex.compile(r"[。、.,!?]+$")
# Emoji, but not the digits, # and * that Unicode counts among them; variation selectors; joiners.
_EMOJI = regex.compile(
    r"[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{RI}\uFE0E\uFE0F\u200D\u20E3]"
)


@lru_cache(maxsize=4096)
def normalise(text: str) -> str:
    """The form in which texts are compared; a step that would leave nothing is not done."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    spaced = _SPACES.sub(" ", folded.strip())
    unsigned = _unless_empty(_FINAL_SIGNS.sub("", spaced).rstrip(), spaced)
    plain = _unless_empty(_EMOJI.sub("", unsigned).strip(), unsigned)
    return _unless_empty(_FINAL_SIGNS.sub("", plain).rstrip(), plain)


def to_ascii_forms(text: str) -> str:
    """NFKC with outer spaces removed: full-width digits and letters become ordinary ones."""
    return unicodedata.normalize("NFKC", text).strip()


def _unless_empty(shorter: str, longer: str) -> str:
    return shorter or longer
