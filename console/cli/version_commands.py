"""`madoguchi flows publish|versions|rollback`: what customers meet, and what becomes of those who
are in the middle when it changes."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.cli.problem_prints import add_format, print_problems, print_report

if TYPE_CHECKING:
    from console.publishing import Outcome
    from flows.language.loader import Folder
    from flows.language.problems import Problem
    from storage.flow_versions import Published
    from storage.unit import Store

HOWS = ("finish", "move", "restart", "stop")
FATES = {
    "same": "文だけの変更なので、同じところから新しい版で続けます",
    "move": "同じところから新しい版で続けます",
    "enter": "新しい版の決めたところから続けます",
    "restart": "新しい版で初めからやり直します",
    "stop": "ここで終わりにします(質問の途中の方には一言お伝えします)",
    "stay": "前の版で最後まで進みます",
}
SHOWN = 12  # of a hash


def add(kinds: Any) -> None:
    """Put the commands into the parser."""
    publish = kinds.add_parser("publish", help="公開する(間違いが1つでもあれば何も変えない)")
    publish.add_argument("path", nargs="?", type=Path)
    publish.add_argument("--yes", action="store_true", help="警告(W)があっても公開する")
    publish.set_defaults(run=_publish)
    add_format(publish)
    _add_wish(publish)
    versions = kinds.add_parser("versions", help="公開の記録と、途中の方の人数")
    versions.set_defaults(run=_versions)
    rollback = kinds.add_parser("rollback", help="フローを前の版に戻す")
    rollback.add_argument("flow", help="フローのid")
    rollback.add_argument("--to", type=int, metavar="N", help="版の番号(なければ1つ前の版)")
    rollback.set_defaults(run=_rollback)
    _add_wish(rollback)


def _add_wish(parser: argparse.ArgumentParser) -> None:
    text = "途中の方: 前の版で最後まで(finish)・移す・初めから・終わりにする"
    parser.add_argument("--note", help="変更の覚え書き")
    parser.add_argument("--running", choices=HOWS, default="finish", help=text)
    parser.add_argument("--dry-run", action="store_true", help="どうなるかだけを表示する")


def _publish(options: argparse.Namespace) -> int:
    from console.cli.flow_folders import loaded
    from console.cli.open_store import opened
    from console.publishing import Wish, find_removed, foresee_publish, publish_folder
    from console.settings import read_settings

    settings = read_settings()
    folder, found = loaded(options.path or settings.flows_dir)
    problems = tuple(problem for problem in found if problem.severity != "I")
    if any(problem.severity == "E" for problem in problems):
        print_problems([(folder, problems)], options.format)
        return _refuse("直してからもう一度どうぞ。")
    if not _passes_its_tests(folder, found, options.format):
        return _refuse("会話のテストが失敗しています。`madoguchi flows test` で確かめてください。")
    out = sys.stdout if options.format == "text" else sys.stderr
    wish = Wish(options.running, options.note)
    with opened(settings) as store:
        warnings = (*problems, *find_removed(store, folder, wish))
        print_problems([(folder, warnings)], options.format)
        _print_middles(foresee_publish(store, folder, wish), out)
        if options.dry_run:
            return _only_tried(out)
        if warnings and not options.yes:
            return _refuse("--yes を付けると公開します。")
        outcome = publish_folder(store, folder, wish, datetime.now(UTC))
    told = "、".join(outcome.changed) or "変更はありません"
    print(f"公開しました: {told}", file=out)
    return 0


def _passes_its_tests(folder: "Folder", problems: Sequence["Problem"], format_: str) -> bool:
    """Whether every talk goes as it should; those that do not are printed."""
    from flows.language.talk_tests import run_tests

    report = run_tests(folder, problems)
    if all(case.ok for case in report.cases):
        return True
    if format_ == "text":
        print_report(report)
    else:
        print_problems([(folder, (*report.problems, *report.failures()))], format_)
    return False


def _rollback(options: argparse.Namespace) -> int:
    from console.cli.open_store import opened
    from console.cli.refusals import CannotRun
    from console.publishing import Wish, foresee_rollback, roll_back
    from console.settings import read_settings
    from flows.language.book import DoesNotLoad

    settings = read_settings()
    with opened(settings) as store:
        target = _target(store, options.flow, options.to)
        wish = Wish(options.running, options.note or f"v{target.number} に戻す")
        try:
            _print_middles(foresee_rollback(store, target.hash or "", wish), sys.stdout)
        except DoesNotLoad as error:
            raise CannotRun(f"v{target.number} は読めないため、戻せません。{error}") from error
        if options.dry_run:
            return _only_tried(sys.stdout)
        roll_back(store, target.hash or "", wish, datetime.now(UTC))
    print(f"{options.flow} を v{target.number} に戻しました。ファイルは変えていません。")
    return 0


def _target(store: "Store", flow_id: str, number: int | None) -> "Published":
    """The version to go back to: the one of that number, else the one that stood before."""
    from console.cli.refusals import CannotRun
    from storage.flow_versions import history

    moves = [move for move in store.read(history) if move.flow_id == flow_id]
    if not moves:
        raise CannotRun(f"フロー「{flow_id}」は公開されたことがありません。")
    others = [move for move in moves if move.hash is not None and move.hash != moves[0].hash]
    if number is not None:
        others = [move for move in others if move.number == number]
    if not others:
        wanted = "前の版" if number is None else f"v{number} "
        hint = "`madoguchi flows versions` に公開の記録があります。"
        raise CannotRun(f"「{flow_id}」に、戻せる{wanted}がありません。{hint}")
    return others[0]


def _versions(_options: argparse.Namespace) -> int:
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
        number = f"v{move.number}" if move.number is not None else "取り下げ"
        running = f"途中{version.running}人" + ("・公開中" if version.is_head else "")
        columns = (at, move.flow_id, number, (move.hash or "")[:SHOWN], move.by or "-", running)
        print("\t".join((*columns, move.note or "")))
    return 0


def _print_middles(outcome: "Outcome", out: Any) -> None:
    for middle in outcome.middles:
        print(f"{middle.flow_id}: {middle.fates.total()}人が前の版の途中です", file=out)
        for kind, text in FATES.items():
            if middle.fates[kind]:
                print(f"  {middle.fates[kind]}人: {text}", file=out)
        for why, count in sorted(middle.whys.items()):
            print(f"    {count}人: {why}", file=out)


def _only_tried(out: Any) -> int:
    print("--dry-run なので、何も変えていません。", file=out)
    return 0


def _refuse(hint: str) -> int:
    print(f"公開しませんでした。{hint}", file=sys.stderr)
    return 1
