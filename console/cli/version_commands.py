"""`madoguchi flows publish|versions|rollback`: what customers meet, and what becomes of those who
are in the middle when it changes."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.cli.problem_prints import add_format, print_problems, print_report
from console.cli.words import helped, tell

if TYPE_CHECKING:
    from console.publishing import Outcome
    from flows.language.loader import Folder
    from flows.language.problems import Problem
    from flows.language.sayings.saying import Language
    from storage.flow_versions import Published
    from storage.unit import Store

HOWS = ("finish", "move", "restart", "stop")
FATES = ("same", "move", "enter", "restart", "stop", "stay")
SHOWN = 12  # of a hash


def add(kinds: Any) -> None:
    """Put the commands into the parser."""
    publish = kinds.add_parser("publish", help=helped("publish"))
    publish.add_argument("path", nargs="?", type=Path)
    publish.add_argument("--yes", action="store_true", help=helped("publish.yes"))
    publish.set_defaults(run=_publish)
    add_format(publish)
    _add_wish(publish)
    versions = kinds.add_parser("versions", help=helped("versions"))
    versions.set_defaults(run=_versions)
    rollback = kinds.add_parser("rollback", help=helped("rollback"))
    rollback.add_argument("flow", help=helped("rollback.flow"))
    rollback.add_argument("--to", type=int, metavar="N", help=helped("rollback.to"))
    rollback.set_defaults(run=_rollback)
    _add_wish(rollback)


def _add_wish(parser: argparse.ArgumentParser) -> None:
    text = helped("publish.running")
    parser.add_argument("--note", help=helped("publish.note"))
    parser.add_argument("--running", choices=HOWS, default="finish", help=text)
    parser.add_argument("--dry-run", action="store_true", help=helped("publish.dry_run"))


def _publish(options: argparse.Namespace) -> int:
    from console.cli.flow_folders import loaded
    from console.cli.open_store import opened
    from console.publishing import Wish, find_removed, foresee_publish, publish_folder
    from console.settings import read_settings

    settings = read_settings()
    folder, found = loaded(options.path or settings.flows_dir)
    problems = tuple(problem for problem in found if problem.severity != "I")
    if any(problem.severity == "E" for problem in problems):
        print_problems([(folder, problems)], options.format, options.lang)
        return _refuse("publish.mend_first", options.lang)
    if not _passes_its_tests(folder, found, options):
        return _refuse("publish.red", options.lang)
    out = sys.stdout if options.format == "text" else sys.stderr
    wish = Wish(options.running, options.note)
    with opened(settings) as store:
        warnings = (*problems, *find_removed(store, folder, wish))
        print_problems([(folder, warnings)], options.format, options.lang)
        _print_middles(foresee_publish(store, folder, wish), options.lang, out)
        if options.dry_run:
            return _only_tried(options.lang, out)
        if warnings and not options.yes:
            return _refuse("publish.say_yes", options.lang)
        outcome = publish_folder(store, folder, wish, datetime.now(UTC))
    print(tell(options.lang, "publish.done", changed=_changed(outcome, options.lang)), file=out)
    return 0


def _changed(outcome: "Outcome", language: "Language") -> str:
    from flows.language.book import HOUSE

    shared = tell(language, "publish.shared")
    names = [shared if flow_id == HOUSE else flow_id for flow_id in outcome.changed]
    return tell(language, "between").join(names) or tell(language, "publish.no_change")


def _passes_its_tests(
    folder: "Folder", problems: Sequence["Problem"], options: argparse.Namespace
) -> bool:
    """Whether every talk goes as it should; those that do not are printed."""
    from flows.language.talk_tests import run_tests

    report = run_tests(folder, problems)
    if all(case.ok for case in report.cases):
        return True
    if options.format == "text":
        print_report(report, options.lang)
    else:
        red = (*report.problems, *report.failures())
        print_problems([(folder, red)], options.format, options.lang)
    return False


def _rollback(options: argparse.Namespace) -> int:
    from console.cli.open_store import opened
    from console.cli.refusals import CannotRun
    from console.publishing import Wish, foresee_rollback, roll_back
    from console.settings import read_settings
    from flows.language.book import DoesNotLoad

    settings, language = read_settings(), options.lang
    with opened(settings) as store:
        target = _target(store, options)
        wish = Wish(
            options.running, options.note or tell(language, "rollback.note", number=target.number)
        )
        try:
            outcome = foresee_rollback(store, target.hash or "", wish)
            _print_middles(outcome, language, sys.stdout)
        except DoesNotLoad as error:
            told = {"number": target.number, "error": error}
            raise CannotRun(tell(language, "rollback.unreadable", **told)) from error
        if options.dry_run:
            return _only_tried(options.lang, sys.stdout)
        roll_back(store, target.hash or "", wish, datetime.now(UTC))
    print(tell(language, "rollback.done", flow=options.flow, number=target.number))
    return 0


def _target(store: "Store", options: argparse.Namespace) -> "Published":
    """The version to go back to: the one of that number, else the one that stood before."""
    from console.cli.refusals import CannotRun
    from storage.flow_versions import history

    flow_id, number = options.flow, options.to
    moves = [move for move in store.read(history) if move.flow_id == flow_id]
    if not moves:
        raise CannotRun(tell(options.lang, "rollback.never", flow=flow_id))
    others = [move for move in moves if move.hash is not None and move.hash != moves[0].hash]
    if number is not None:
        others = [move for move in others if move.number == number]
    if not others:
        key = "rollback.none_before" if number is None else "rollback.no_such"
        raise CannotRun(tell(options.lang, key, flow=flow_id, number=number))
    return others[0]


def _versions(options: argparse.Namespace) -> int:
    from zoneinfo import ZoneInfo

    from console.cli.open_store import opened
    from console.publishing import list_versions
    from console.settings import read_settings

    settings = read_settings()
    with opened(settings) as store:
        versions = store.read(list_versions)
    for version in versions:
        move = version.move
        at = move.at.astimezone(ZoneInfo(settings.timezone)).strftime("%Y-%m-%d %H:%M")
        number = _number(move.number, options.lang)
        key = "versions.head" if version.is_head else "versions.running"
        running = tell(options.lang, key, count=version.running)
        columns = (at, move.flow_id, number, (move.hash or "")[:SHOWN], move.by or "-", running)
        print("\t".join((*columns, move.note or "")))
    return 0


def _number(number: int | None, language: "Language") -> str:
    return tell(language, "versions.withdrawn") if number is None else f"v{number}"


def _print_middles(outcome: "Outcome", language: "Language", out: Any) -> None:
    from flows.language.sayings.catalogue import say

    for middle in outcome.middles:
        people = middle.fates.total()
        print(tell(language, "middle", flow=middle.flow_id, count=people), file=out)
        for kind in FATES:
            if middle.fates[kind]:
                fate, count = tell(language, f"fate.{kind}"), middle.fates[kind]
                print(tell(language, "middle.fate", count=count, fate=fate), file=out)
        whys = {say(why, language): count for why, count in middle.whys.items()}
        for why, count in sorted(whys.items()):
            print(tell(language, "middle.why", count=count, why=why), file=out)


def _only_tried(language: "Language", out: Any) -> int:
    print(tell(language, "dry_run"), file=out)
    return 0


def _refuse(key: str, language: "Language") -> int:
    print(tell(language, "publish.refused", hint=tell(language, key)), file=sys.stderr)
    return 1
