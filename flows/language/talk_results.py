"""What testing talks found: each case, and each key of an `expect` that did not hold."""

from dataclasses import dataclass
from typing import Any

from flows.language.covered import Coverage
from flows.language.problems import Problem
from flows.language.sayings.catalogue import say, say_param
from flows.language.sayings.saying import Language, Param, Saying, saying

FAILED = "test"  # the code under which a failed talk stands among the checker's problems


@dataclass(frozen=True, slots=True)
class Failure:
    """One key of an `expect` that did not hold."""

    line: int
    column: int
    key: str
    expected: Param
    actual: Param
    about: Saying

    @property
    def message(self) -> str:
        """What was expected, and what came, in Japanese."""
        return self.message_in("ja")

    def message_in(self, language: Language) -> str:
        """What was expected, and what came."""
        return say(self.about, language)

    def to_json(self, language: Language = "ja") -> dict[str, Any]:
        """The shape that scripts read."""
        return {
            "line": self.line,
            "column": self.column,
            "key": self.key,
            "expected": say_param(self.expected, language),
            "actual": say_param(self.actual, language),
            "message": self.message_in(language),
        }


@dataclass(frozen=True, slots=True)
class Result:
    """One case."""

    file: str
    test: str
    name: str
    line: int
    ok: bool
    failures: tuple[Failure, ...]

    def to_json(self, language: Language = "ja") -> dict[str, Any]:
        """The shape that scripts read."""
        return {
            "file": self.file,
            "test": self.test,
            "name": self.name,
            "line": self.line,
            "ok": self.ok,
            "failures": [failure.to_json(language) for failure in self.failures],
        }


@dataclass(frozen=True, slots=True)
class Report:
    """All cases of a folder. coverage: of each flow, which transitions some case took."""

    cases: tuple[Result, ...]
    problems: tuple[Problem, ...]
    coverage: tuple[Coverage, ...] = ()

    def to_json(self, language: Language = "ja", *, with_coverage: bool = False) -> dict[str, Any]:
        """The shape that scripts read."""
        passed = sum(case.ok for case in self.cases)
        covered = {"coverage": [each.to_json() for each in self.coverage]}
        return {
            "cases": [case.to_json(language) for case in self.cases],
            "problems": [problem.to_json(language) for problem in self.problems],
            "summary": {"passed": passed, "failed": len(self.cases) - passed},
            **(covered if with_coverage else {}),
        }

    def failures(self) -> list[Problem]:
        """What failed, as problems at the line of the `expect`, for programs that read those."""
        return [
            Problem(case.file, each.line, each.column, FAILED, each.about, about_case)
            for case in self.cases
            for about_case in [saying("case", name=case.name)]
            for each in case.failures
        ]
