"""`madoguchi flows …`: for managers; check and test need files alone."""

import argparse
import json
from pathlib import Path
from typing import Any

from console.cli import faq_command, flow_tools, replay_commands, version_commands
from console.cli.flow_folders import each, narrowed
from console.cli.problem_prints import add_format, print_problems, print_report
from console.cli.words import add_language, helped, tell

SPEAKS_NO_WORD = frozenset({"schema"})


def add(commands: Any) -> None:
    """Put the commands into the parser."""
    flows = commands.add_parser("flows", help=helped("flows"))
    kinds = flows.add_subparsers(
        required=True,
        metavar="check|test|explore|try|draw|schema|evaluate|publish|versions|rollback|replay|record|learn",
    )
    for name, run, text in (
        ("check", _check, helped("check")),
        ("test", _test, helped("test")),
    ):
        parser = kinds.add_parser(name, help=text)
        parser.add_argument("path", nargs="*", type=Path)
        parser.set_defaults(run=run)
        add_format(parser)
        if name == "test":
            parser.add_argument("--coverage", action="store_true", help=helped("test.coverage"))
    flow_tools.add(kinds)
    version_commands.add(kinds)
    replay_commands.add(kinds)
    faq_command.add(kinds)
    for name, parser in kinds.choices.items():
        if name not in SPEAKS_NO_WORD:
            add_language(parser)


def _check(options: argparse.Namespace) -> int:
    from flows.language.problems import count_by_severity

    found = each(options.path)
    problems = [problem for _, several in found for problem in several]
    print_problems(found, options.format, options.lang)
    if options.format == "text":
        counts = count_by_severity(problems)
        told = {"errors": counts["E"], "warnings": counts["W"], "notes": counts["I"]}
        print(tell(options.lang, "checked", **told))
    return 1 if any(problem.severity == "E" for problem in problems) else 0


def _test(options: argparse.Namespace) -> int:
    from flows.language.talk_results import Report
    from flows.language.talk_tests import run_tests

    tested = narrowed(options.path)
    reports = [run_tests(folder, problems, only) for folder, problems, only in tested]
    report = Report(
        tuple(case for r in reports for case in r.cases),
        tuple(problem for r in reports for problem in r.problems),
        tuple(covered for r in reports for covered in r.coverage),
    )
    if options.format == "json":
        print(
            json.dumps(
                report.to_json(options.lang, with_coverage=options.coverage), ensure_ascii=False
            )
        )
    elif options.format == "text":
        print_report(report, options.lang)
        if options.coverage:
            flow_tools.print_coverage(report.coverage, options.lang)
    else:
        found = [(tested[0][0], (*report.problems, *report.failures()))]
        print_problems(found, options.format, options.lang)
    return 0 if not report.problems and all(case.ok for case in report.cases) else 1
