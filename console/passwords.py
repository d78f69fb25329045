"""Passwords: argon2id, twelve characters or more, no rules of composition, none that many use.

What is refused: a password of the shipped list (`common_passwords.txt.gz`: the thirty thousand most
frequent ones of public leaks, and long English words), two of them in a row, one of them with
digits and signs around it, a row of keys, a few signs again and again, and what holds the person's
own name or address.
"""

import gzip
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from storage.refusals import Refusal

MIN_LENGTH = 12
MAX_LENGTH = 1024
FEWEST_SIGNS = 5
SHORTEST_WORD = 4
SHORTEST_NAME = 3
PRODUCT = ("madoguchi", "窓口")
LIST = Path(__file__).parent / "common_passwords.txt.gz"
KEY_ROWS = (
    "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "qazwsxedcrfvtgbyhnujmikolp", "!@#$%^&*()",
)  # fmt: skip
LOOKALIKES = str.maketrans("@0134$5!7", "aoleassit")
SENTENCES = {
    "short": f"a password has {MIN_LENGTH} characters or more",
    "long": f"a password has {MAX_LENGTH} characters at most",
    "common": "this password is one that many people use, so it is guessed first. Take another",
    "own_word": "a password does not hold one's own name, address, or this product's name",
}

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODY = _HASHER.hash("nobody has this password")


class WeakPassword(Refusal):
    """This password cannot be taken; `why` is short, long, common or own_word."""

    code = "weak_password"

    def __init__(self, why: str) -> None:
        super().__init__(SENTENCES[why], why=why)
        self.said_as = f"weak_password_{why}"


def hash_password(password: str, own_words: Sequence[str] = ()) -> str:
    """What is kept of a password. own_words: the person's e-mail and name. Raises WeakPassword."""
    why = find_weakness(password, own_words)
    if why is not None:
        raise WeakPassword(why)
    return _HASHER.hash(password)


def is_password(password: str, password_hash: str | None) -> bool:
    """Whether it is. Without a hash the same work is done, so that no one can tell by the time."""
    try:
        _HASHER.verify(password_hash or _NOBODY, password)
    except (VerificationError, InvalidHashError):
        return False
    return bool(password_hash)


def find_weakness(password: str, own_words: Sequence[str] = ()) -> str | None:
    """Why a password is refused: short, long, common or own_word; None for a good one."""
    if len(password) < MIN_LENGTH:
        return "short"
    if len(password) > MAX_LENGTH:
        return "long"
    folded = _fold(password)
    if any(word in folded for word in _name_parts(own_words)):
        return "own_word"
    return "common" if _is_common(folded) else None


def _is_common(folded: str) -> bool:
    if len(set(folded)) < FEWEST_SIGNS or len(_without_rows(folded)) < SHORTEST_WORD:
        return True
    if re.fullmatch(r"(.{1,8}?)\1+.{0,3}", folded, re.DOTALL):
        return True
    bare = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", folded)
    tried = {folded, bare, folded.translate(LOOKALIKES), bare.translate(LOOKALIKES)}
    return any(_is_one_or_two_words(text) for text in tried)


def _is_one_or_two_words(text: str) -> bool:
    words = _common()
    if text in words:
        return True
    cuts = range(SHORTEST_WORD, len(text) - SHORTEST_WORD + 1)
    return any(text[:cut] in words and text[cut:].strip("-_. ") in words for cut in cuts)


def _without_rows(text: str) -> str:
    """What is left without rows of keys of four or more, in either direction."""
    left, at = "", 0
    while at < len(text):
        length = _row_length(text, at)
        if length < SHORTEST_WORD:
            left, length = left + text[at], 1
        at += length
    return left


def _row_length(text: str, at: int) -> int:
    length = 0
    for row in (*KEY_ROWS, *(row[::-1] for row in KEY_ROWS)):
        while at + length < len(text) and text[at : at + length + 1] in row:
            length += 1
    return length


def _name_parts(own_words: Sequence[str]) -> list[str]:
    parts = list(PRODUCT)
    for word in map(_fold, own_words):
        local = word.partition("@")[0]
        found = [local, *re.split(r"[\s._+\-]+", local)]
        parts += [part for part in found if len(part) >= SHORTEST_NAME + part.isascii()]
    return parts


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


@cache
def _common() -> frozenset[str]:
    return frozenset(gzip.decompress(LIST.read_bytes()).decode().split("\n"))
