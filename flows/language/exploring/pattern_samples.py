"""A text that fits a regular expression, for the kinds that managers write: `[A-Z]{2}\\d{3}`.

Only a guess: whoever uses it lets RE2 decide. What is not understood is copied as it stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass

_CLASSES = {"d": "1", "D": "a", "w": "a", "W": "-", "s": " ", "S": "a"}
_OUTSIDE = "あaA1-"  # tried for what a class does not hold


@dataclass(slots=True)
class _Reader:
    text: str
    at: int = 0

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self) -> str:
        sign = self.peek()
        self.at += 1
        return sign


def sample_of(pattern: str) -> str:
    """The shortest text that the pattern seems to want: first alternatives, fewest repeats."""
    return _alternatives(_Reader(pattern))


def _alternatives(reader: _Reader) -> str:
    first = "".join(_parts(reader))
    while reader.peek() == "|":
        reader.take()
        for _ in _parts(reader):
            pass
    return first


def _parts(reader: _Reader) -> Iterator[str]:
    while reader.peek() not in {"", "|", ")"}:
        one = _one(reader)
        yield one * _repeats(reader)


def _one(reader: _Reader) -> str:
    match reader.take():
        case "(":
            _skip_flags(reader)
            inner = _alternatives(reader)
            reader.take()
            return inner
        case "[":
            return _class(reader)
        case "\\":
            sign = reader.take()
            return _CLASSES.get(sign, "" if sign in "bBAzZ" else sign)
        case ".":
            return "あ"
        case "^" | "$":
            return ""
        case sign:
            return sign


def _skip_flags(reader: _Reader) -> None:
    """`(?:`, `(?i)`, `(?P<name>`: no part of what is matched."""
    if reader.peek() == "?":
        while reader.peek() not in {"", ":", ">", ")"}:
            reader.take()
        if reader.peek() != ")":
            reader.take()


def _class(reader: _Reader) -> str:
    is_outside = reader.peek() == "^"
    held: list[str] = []
    while reader.peek() not in {"", "]"} or not held:
        sign = reader.take()
        held.append(_CLASSES.get(reader.take(), "-") if sign == "\\" else sign)
    reader.take()
    if is_outside:
        return next((sign for sign in _OUTSIDE if sign not in held), "?")
    return held[0] if held else ""


def _repeats(reader: _Reader) -> int:
    match reader.peek():
        case "*" | "?":
            reader.take()
            count = 0
        case "+":
            reader.take()
            count = 1
        case "{":
            inside = reader.text[reader.at + 1 :].partition("}")[0]
            reader.at += len(inside) + 2
            first = inside.partition(",")[0]
            count = int(first) if first.isdigit() else 1
        case _:
            return 1
    if reader.peek() in {"?", "+"}:  # lazy, possessive
        reader.take()
    return count
