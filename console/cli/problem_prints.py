"""Problems as a command prints them: for people, or for programs."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from console.cli.flow_folders import Checked
from console.cli.words import helped, tell

if TYPE_CHECKING:
    from flows.language.loader import Folder
    from flows.language.problems import Problem
    from flows.language.sayings.saying import Language
    from flows.language.talk_results import Report

FORMATS = ("text", "json", "github", "sarif")


def add_format(parser: argparse.ArgumentParser) -> None:
    """The option that chooses."""
    parser.add_argument("--format", choices=FORMATS, default="text", help=helped("format"))


def print_problems(found: Sequence[Checked], format_: str, language: "Language") -> None:
    """What programs read is one object for all folders together."""
    from flows.language.report import render_github, render_json, render_sarif, render_text

    problems = [problem for _, several in found for problem in several]
    from_here = [_from_here(problem, folder) for folder, several in found for problem in several]
    match format_:
        case "json":
            text = render_json(problems, sum(len(folder.sources) for folder, _ in found), language)
        case "sarif":
            text = render_sarif(from_here, language)
        case "github":
            text = render_github(from_here, language)
        case _:
            blocks = [render_text(several, folder.sources, language) for folder, several in found]
            text = "\n".join(block for block in blocks if block)
    if text:
        print(text)


def _from_here(problem: "Problem", folder: "Folder") -> "Problem":
    """With the file as a workflow names it: from where the command runs, if it lies below."""
    here = Path.cwd()
    root = folder.root.resolve() if folder.root is not None else None
    if root is None or not root.is_relative_to(here):
        return problem
    return replace(problem, file=(root.relative_to(here) / problem.file).as_posix())


def print_report(report: "Report", language: "Language") -> None:
    """The talks that failed, each with what it saw, and how many passed."""
    for problem in report.problems:
        at = f"{problem.file}:{problem.line}:{problem.column}"
        print(f"{at} {problem.code} {problem.message_in(language)}")
    for case in report.cases:
        if case.ok:
            continue
        print(f"✗ {case.file}:{case.line} {case.name}")
        for failure in case.failures:
            at = f"{case.file}:{failure.line}:{failure.column}"
            print(f"    {at} {failure.message_in(language)}")
    passed = sum(case.ok for case in report.cases)
    print(tell(language, "tested", passed=passed, failed=len(report.cases) - passed))
