"""A manager's mistake: what, where, why, and how to mend it. Returned, never raised."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from flows.language.sayings.catalogue import say, say_remedy
from flows.language.sayings.saying import Language, Param, Saying, saying

Severity = Literal["E", "W", "I"]
DID_YOU_MEAN = "did_you_mean"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: line and column from 1, the column in characters."""

    file: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding in a managers' file: what is said of it, put into words when it is shown.

    own_remedy: where the catalogue's remedy of `about` is not the best one.
    """

    file: str
    line: int
    column: int
    code: str
    about: Saying
    own_remedy: Saying | None = None

    @property
    def severity(self) -> Severity:
        """E blocks publishing, W needs a click, I informs."""
        if self.code.startswith("W"):
            return "W"
        return "I" if self.code.startswith("I") else "E"

    @property
    def message(self) -> str:
        """What is wrong, in Japanese."""
        return self.message_in("ja")

    @property
    def hint(self) -> str:
        """What to do about it, in Japanese."""
        return self.hint_in("ja")

    def message_in(self, language: Language) -> str:
        """What is wrong."""
        return say(self.about, language)

    def hint_in(self, language: Language) -> str:
        """What to do about it."""
        own = self.own_remedy
        return say(own, language) if own is not None else say_remedy(self.about, language)

    def slip(self) -> dict[str, str] | None:
        """The word that was written, and the one that was meant; None when nobody can tell."""
        own = self.own_remedy
        if own is None or own.key != DID_YOU_MEAN:
            return None
        return {name: str(value) for name, value in own.params}

    def to_json(self, language: Language = "ja") -> dict[str, str | int]:
        """The shape that editors and scripts read."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "code": self.code,
            "severity": self.severity,
            "message": self.message_in(language),
            "hint": self.hint_in(language),
        }


class Problems:
    """Problems as they are found; the same one at the same place is kept once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int, int, str], Problem] = {}

    def add(
        self, code: str, place: Place, key: str, remedy: Saying | None = None, /, **params: Param
    ) -> None:
        """Note a problem by the key of what is said of it; remedy: one better than its usual."""
        about = saying(key, **params)
        self.keep(Problem(place.file, place.line, place.column, code, about, remedy))

    def add_missing(
        self, place: Place, key: str, given: Iterable[Place], said: str, /, **params: Param
    ) -> None:
        """F009 for a key of a map, unless one that is given was named as that one, misspelt."""
        found = [self._found.get((at.file, at.line, at.column, "F002")) for at in given]
        slips = [problem.slip() for problem in found if problem is not None]
        if not any(slip is not None and slip["near"] == key for slip in slips):
            self.add("F009", place, said, **params)

    def keep(self, problem: Problem) -> None:
        """Take over a problem that was found elsewhere."""
        key = (problem.file, problem.line, problem.column, problem.code)
        self._found.setdefault(key, problem)

    def sorted(self) -> tuple[Problem, ...]:
        """By file, line, column, code."""
        return tuple(self._found[key] for key in sorted(self._found))

    def has_errors(self, file: str) -> bool:
        """Whether a file must be left out."""
        return any(p.severity == "E" for p in self._found.values() if p.file == file)


def did_you_mean(word: str, known: Iterable[str]) -> Saying | None:
    """A hint with the nearest known word; None when nothing is near."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return saying(DID_YOU_MEAN, word=word, near=near[0]) if near else None


def count_by_severity(problems: Iterable[Problem]) -> Mapping[str, int]:
    """How many of each severity, all three always named."""
    counts = {"E": 0, "W": 0, "I": 0}
    for problem in problems:
        counts[problem.severity] += 1
    return counts
