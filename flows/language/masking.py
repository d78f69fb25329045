"""Personal data, replaced by samples: the same value always by the same sample.

Names are those that the card knows; mail addresses and long numbers are found by their form. A
sample keeps the form (signs between the digits, their width), so that a flow reads it alike.
"""

import re
import unicodedata

NAME = "見本"
SHORTEST_NAME = 2  # a single sign would be found inside other words
LONG = 4  # digits from which on a number says something about somebody
PHONE = 9
KEPT = 3  # of a telephone number
FULL_WIDTH_0 = 0xFF10
# Also in full width: \uff10-\uff19 are digits, \uff20 \uff0e \uff0d are @ . -, and then brackets.
_SIGN = r"[^\s@\uff20、。「」()\uff08\uff09]"
MAIL = re.compile(rf"{_SIGN}+[@\uff20]{_SIGN}+[.\uff0e]{_SIGN}+")
_DIGIT = r"[0-9\uff10-\uff19]"
_BETWEEN = r"[‐‑–—―−ー.()\uff0d\uff0e\uff08\uff09 -]"
NUMBER = re.compile(rf"{_DIGIT}(?:{_BETWEEN}{{0,2}}{_DIGIT})*")


class Mask:
    """The samples given so far."""

    def __init__(self, names: tuple[str, ...] = ()) -> None:
        parts = {part for name in names for part in (name.strip(), *name.split())}
        self._names = sorted((p for p in parts if len(p) >= SHORTEST_NAME), key=len, reverse=True)
        self._samples: dict[tuple[str, str], int] = {}

    def text(self, text: str) -> str:
        """A text without the names, addresses and long numbers in it."""
        for name in self._names:
            text = text.replace(name, NAME)
        text = MAIL.sub(lambda found: self.mail(found[0]), text)
        return NUMBER.sub(lambda found: self.number(found[0]), text)

    def mail(self, address: str) -> str:
        """A mail address that is nobody's."""
        return f"mihon{self._count('mail', address.casefold())}@example.com"

    def number(self, text: str) -> str:
        """Another number of the same form; a short one stays, a telephone keeps its beginning."""
        digits = "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign.isdigit())
        if len(digits) < LONG:
            return text
        kept = KEPT if len(digits) >= PHONE else 1
        last = str(self._count("number", digits))
        sample = digits[:kept] + last.rjust(len(digits) - kept, "0")[-(len(digits) - kept) :]
        signs = iter(sample)
        return "".join(_like(sign, next(signs)) if sign.isdigit() else sign for sign in text)

    def words(self, text: str) -> str:
        """A sample that has nothing of a text but that it is one."""
        return f"見本の文{self._count('words', text)}"

    def _count(self, kind: str, value: str) -> int:
        known = sum(of_kind == kind for of_kind, _ in self._samples)
        return self._samples.setdefault((kind, value), known + 1)


def _like(sign: str, digit: str) -> str:
    """The digit in the width of the one that it replaces."""
    return digit if sign.isascii() else chr(FULL_WIDTH_0 + int(digit))
