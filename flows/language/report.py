"""Problems for people (the line, a caret, why, how to mend it, where to read on) and programs.

SARIF 2.1.0 is what code hosts and editors read: https://docs.oasis-open.org/sarif/sarif/v2.1.0/.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from unicodedata import east_asian_width
from urllib.parse import quote

from flows.language.problems import Problem, count_by_severity
from flows.language.reasons import GUIDE, why
from flows.language.sayings.saying import Language

LONGEST_CARET = 12
HEADS: Mapping[Language, tuple[str, str, str]] = {
    "ja": ("なぜ", "直し方", "くわしく"),
    "en": ("Why", "How to fix", "More"),
}
SARIF_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
SARIF_LEVELS = {"E": "error", "W": "warning", "I": "note"}


def render_text(
    problems: Sequence[Problem], sources: Mapping[str, str], language: Language = "ja"
) -> str:
    """Each problem with its line, why it is one, and what to do."""
    blocks = (_block(problem, sources.get(problem.file, ""), language) for problem in problems)
    return "\n".join(blocks)


def render_github(problems: Sequence[Problem], language: Language = "ja") -> str:
    """Annotations of a workflow."""
    kinds = {"E": "error", "W": "warning", "I": "notice"}
    return "\n".join(
        f"::{kinds[p.severity]} file={p.file},line={p.line},col={p.column},title={p.code}"
        f"::{_escaped(_in_one_line(p, language))}"
        for p in problems
    )


def render_json(problems: Sequence[Problem], files: int, language: Language = "ja") -> str:
    """One object with all problems, and how many of each severity in how many files."""
    summary = {"files": files, **count_by_severity(problems)}
    listed = [problem.to_json(language) for problem in problems]
    return json.dumps({"problems": listed, "summary": summary}, ensure_ascii=False)


def render_sarif(problems: Sequence[Problem], language: Language = "ja") -> str:
    """One SARIF 2.1.0 log with one run; columns count characters, as ours do."""
    codes = sorted({problem.code for problem in problems})
    driver = {"name": "madoguchi flows", "rules": [{"id": code} for code in codes]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(problem, codes.index(problem.code), language) for problem in problems],
    }
    log = {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False)


def _result(problem: Problem, rule: int, language: Language) -> dict[str, Any]:
    place = {
        "artifactLocation": {"uri": quote(problem.file)},
        "region": {"startLine": problem.line, "startColumn": problem.column},
    }
    return {
        "ruleId": problem.code,
        "ruleIndex": rule,
        "level": SARIF_LEVELS[problem.severity],
        "message": {"text": _in_one_line(problem, language)},
        "locations": [{"physicalLocation": place}],
    }


def _in_one_line(problem: Problem, language: Language) -> str:
    return f"{problem.message_in(language)} {problem.hint_in(language)}".rstrip()


def _escaped(text: str) -> str:
    """As GitHub's workflow commands want it: one line, and no % of its own."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _block(problem: Problem, source: str, language: Language) -> str:
    at = f"{problem.file}:{problem.line}:{problem.column}"
    head = f"{at} {problem.code} {problem.message_in(language)}"
    lines = source.splitlines()
    parts = [head]
    if 0 < problem.line <= len(lines):
        line = lines[problem.line - 1].replace("\t", " ")
        before = line[: problem.column - 1]
        rest = line[problem.column - 1 :].split("#")[0].rstrip()
        marked = min(LONGEST_CARET, max(1, _width(rest)))
        parts.append(f"  | {line}")
        parts.append(f"  | {' ' * _width(before)}^{'~' * (marked - 1)}")
    told = (why(problem.code, language), problem.hint_in(language), GUIDE[language])
    parts += [f"  {head}: {text}" for head, text in zip(HEADS[language], told, strict=True) if text]
    return "\n".join(parts)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)
