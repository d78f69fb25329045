"""A manager's mistake: what, where, why, and how to mend it. Returned, never raised."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import Literal

Severity = Literal["E", "W", "I"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: line and column from 1, the column in characters."""

    file: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding in a managers' file."""

    file: str
    line: int
    column: int
    code: str
    message: str
    hint: str = ""

    @property
    def severity(self) -> Severity:
        """E blocks publishing, W needs a click, I informs."""
        if self.code.startswith("W"):
            return "W"
        return "I" if self.code.startswith("I") else "E"

    def to_json(self) -> dict[str, str | int]:
        """The shape that editors and scripts read."""
        fields: dict[str, str | int] = asdict(self)
        return {
            "file": fields["file"],
            "line": fields["line"],
            "column": fields["column"],
            "code": fields["code"],
            "severity": self.severity,
            "message": fields["message"],
            "hint": fields["hint"],
        }


class Problems:
    """Problems as they are found; the same one at the same place is kept once."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int, int, str], Problem] = {}

    def add(self, code: str, place: Place, message: str, hint: str = "") -> None:
        """Note a problem."""
        key = (place.file, place.line, place.column, code)
        self._found.setdefault(
            key, Problem(place.file, place.line, place.column, code, message, hint)
        )

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


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint with the nearest known word; empty when nothing is near."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"「{near[0]}」の間違いではありませんか?" if near else ""


def count_by_severity(problems: Iterable[Problem]) -> Mapping[str, int]:
    """How many of each severity, all three always named."""
    counts = {"E": 0, "W": 0, "I": 0}
    for problem in problems:
        counts[problem.severity] += 1
    return counts
