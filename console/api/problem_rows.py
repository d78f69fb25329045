"""Problems of managers' files as the screens show them, in the language of whoever asks."""

from collections.abc import Iterable

from console.door import Row
from flows.language.problems import Problem
from flows.language.reasons import why
from flows.language.sayings.saying import Language


def problem_rows(problems: Iterable[Problem], language: Language) -> list[Row]:
    """Each as the command line writes it, with why it is one, and the slip that a click mends."""
    return [_row(problem, language) for problem in problems]


def _row(problem: Problem, language: Language) -> Row:
    return {
        **problem.to_json(language),
        "why": why(problem.code, language),
        "slip": problem.slip(),
    }
