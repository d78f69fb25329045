"""Problems for people (the source line, a caret, how to mend it) and for GitHub."""

from collections.abc import Mapping, Sequence
from unicodedata import east_asian_width

from flows.language.problems import Problem

LONGEST_CARET = 12


def render_text(problems: Sequence[Problem], sources: Mapping[str, str]) -> str:
    """Each problem with its line and what to do."""
    return "\n".join(_block(problem, sources.get(problem.file, "")) for problem in problems)


def render_github(problems: Sequence[Problem], _sources: Mapping[str, str]) -> str:
    """Annotations of a workflow."""
    kinds = {"E": "error", "W": "warning", "I": "notice"}
    return "\n".join(
        f"::{kinds[p.severity]} file={p.file},line={p.line},col={p.column},title={p.code}"
        f"::{p.message} {p.hint}".rstrip()
        for p in problems
    )


def _block(problem: Problem, source: str) -> str:
    head = f"{problem.file}:{problem.line}:{problem.column} {problem.code} {problem.message}"
    lines = source.splitlines()
    parts = [head]
    if 0 < problem.line <= len(lines):
        line = lines[problem.line - 1].replace("\t", " ")
        before = line[: problem.column - 1]
        rest = line[problem.column - 1 :].split("#")[0].rstrip()
        marked = min(LONGEST_CARET, max(1, _width(rest)))
        parts.append(f"  | {line}")
        parts.append(f"  | {' ' * _width(before)}^{'~' * (marked - 1)}")
    if problem.hint:
        parts.append(f"  直し方: {problem.hint}")
    return "\n".join(parts)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
