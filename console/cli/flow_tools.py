"""`madoguchi flows explore|try|draw|schema`: for managers, from files alone."""

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.cli.flow_folders import narrowed

if TYPE_CHECKING:
    from flows.language.covered import Coverage
    from flows.language.exploring.verdicts import Report


def add(kinds: Any) -> None:
    """Put the commands into the parser of `flows`."""
    explore = kinds.add_parser("explore", help="すべての道を自動で歩き、止まる所を知らせる")
    explore.add_argument("path", nargs="*", type=Path)
    explore.add_argument("--format", choices=("text", "json"), default="text")
    explore.set_defaults(run=_explore)


def print_coverage(covered: Iterable["Coverage"]) -> None:
    """How much of each flow was taken, and each transition that was not."""
    for each in covered:
        count = len(each.transitions)
        print(f"{each.flow}: {count}本の道のうち{count - len(each.missed)}本を通りました")
        for transition in each.missed:
            print(f"    通っていない道: {transition}")


def _explore(options: argparse.Namespace) -> int:
    from flows.language.exploring.verdicts import explore, together
    from flows.language.report import render_text

    read = narrowed(options.path)
    reports = [explore(folder, problems, only) for folder, problems, only in read]
    report = together(reports)
    if options.format == "json":
        print(json.dumps(report.to_json(), ensure_ascii=False))
    else:
        for (folder, _, _), one in zip(read, reports, strict=True):
            if one.problems:
                print(render_text(one.problems, folder.sources))
        _print_explored(report)
    return 1 if report.problems else 0


def _print_explored(report: "Report") -> None:
    print_coverage(report.flows)
    for flow_id in report.cut:
        print(f"{flow_id}: 大きいので、途中まで歩きました", file=sys.stderr)
    print(f"歩いたフロー {report.count}・問題のあるフロー {report.failed}")
