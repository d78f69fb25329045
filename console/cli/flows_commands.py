"""`madoguchi flows …`: for managers; check and test need files alone."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.cli import faq_command

if TYPE_CHECKING:
    from flows.language.loader import Folder
    from flows.language.problems import Problem

FORMATS = ("text", "json", "github", "sarif")


def add(commands: Any) -> None:
    """Put the commands into the parser."""
    flows = commands.add_parser("flows", help="フローを調べる・試す・公開する")
    kinds = flows.add_subparsers(required=True, metavar="check|test|publish|versions|evaluate")
    for name, run, text in (
        ("check", _check, "間違いを行番号と直し方つきで知らせる"),
        ("test", _test, "会話のテストを動かす"),
    ):
        parser = kinds.add_parser(name, help=text)
        parser.add_argument("path", nargs="*", type=Path)
        parser.set_defaults(run=run)
        _add_format(parser)
    publish = kinds.add_parser("publish", help="公開する(間違いが1つでもあれば何も変えない)")
    publish.add_argument("path", nargs="?", type=Path)
    publish.add_argument("--note")
    publish.add_argument("--yes", action="store_true", help="警告(W)があっても公開する")
    publish.set_defaults(run=_publish)
    _add_format(publish)
    kinds.add_parser("versions", help="公開の記録").set_defaults(run=_versions)
    faq_command.add(kinds)


def _add_format(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=FORMATS, default="text", help="間違いの書き方")


def _check(options: argparse.Namespace) -> int:
    from flows.language.problems import count_by_severity

    found = _each(options.path)
    problems = [problem for _, several in found for problem in several]
    _print_problems(found, options.format)
    if options.format == "text":
        counts = count_by_severity(problems)
        print(f"エラー {counts['E']}・警告 {counts['W']}・お知らせ {counts['I']}")
    return 1 if any(problem.severity == "E" for problem in problems) else 0


def _test(options: argparse.Namespace) -> int:
    from flows.language.talk_tests import Report, run_tests

    tested = _tested(options)
    reports = [run_tests(folder, problems, only) for folder, problems, only in tested]
    report = Report(
        tuple(case for r in reports for case in r.cases),
        tuple(problem for r in reports for problem in r.problems),
    )
    if options.format == "json":
        print(json.dumps(report.to_json(), ensure_ascii=False))
    elif options.format == "text":
        _print_report(report)
    else:
        found = [(tested[0][0], (*report.problems, *report.failures()))]
        _print_problems(found, options.format)
    return 0 if not report.problems and all(case.ok for case in report.cases) else 1


def _publish(options: argparse.Namespace) -> int:
    from console.cli.open_store import opened
    from console.flow_review import Review, find_red
    from console.publishing import find_removed, publish_folder
    from console.settings import read_settings

    settings = read_settings()
    folder, found = _load(options.path or settings.flows_dir)
    problems = tuple(problem for problem in found if problem.severity != "I")
    if any(problem.severity == "E" for problem in problems):
        _print_problems([(folder, problems)], options.format)
        return _refuse("直してからもう一度どうぞ。")
    report = Review(folder, found).test()
    if find_red(report):
        _print_report(report)
        return _refuse("会話テストが通るように直してからもう一度どうぞ。")
    with opened(settings) as store:
        warnings = (*problems, *find_removed(store, folder))
        _print_problems([(folder, warnings)], options.format)
        if warnings and not options.yes:
            return _refuse("--yes を付けると公開します。")
        changed = publish_folder(store, folder, options.note, datetime.now(UTC))
    told = "公開しました: " + ("、".join(changed) if changed else "変更はありません")
    print(told, file=sys.stdout if options.format == "text" else sys.stderr)
    return 0


def _refuse(hint: str) -> int:
    print(f"公開しませんでした。{hint}", file=sys.stderr)
    return 1


def _versions(_options: argparse.Namespace) -> int:
    from zoneinfo import ZoneInfo

    from console.cli.open_store import opened
    from console.settings import read_settings
    from storage.flow_versions import history

    settings = read_settings()
    with opened(settings) as store:
        for row in store.read(history):
            at = row.at.astimezone(ZoneInfo(settings.timezone)).strftime("%Y-%m-%d %H:%M")
            version = f"v{row.number}" if row.number is not None else "取り下げ"
            print(f"{at}\t{row.flow_id}\t{version}\t{(row.hash or '')[:12]}\t{row.note or ''}")
    return 0


def _each(paths: list[Path]) -> list[tuple["Folder", tuple["Problem", ...]]]:
    from console.settings import read_settings

    return [_of_path(path) for path in paths or [read_settings().flows_dir]]


def _load(path: Path) -> tuple["Folder", tuple["Problem", ...]]:
    from flows.language.checker import check
    from flows.language.loader import load_folder

    if not path.exists():
        raise FileNotFoundError(f"{path} がありません。フローのフォルダーを指定してください。")
    folder = load_folder(path)
    return folder, check(folder)


def _of_path(path: Path) -> tuple["Folder", tuple["Problem", ...]]:
    """Who names a file wants to hear of that file; the whole folder was read for its names."""
    folder, problems = _load(path)
    if path.is_dir():
        return folder, problems
    name = _name_in_folder(path)
    return folder, tuple(problem for problem in problems if problem.file == name)


def _name_in_folder(path: Path) -> str:
    from flows.language.loader import flows_folder_of

    path = path.resolve()
    return path.relative_to(flows_folder_of(path)).as_posix()


def _tested(options: argparse.Namespace) -> list[tuple[Any, Any, frozenset[str] | None]]:
    from console.settings import read_settings

    found = []
    for path in options.path or [read_settings().flows_dir]:
        folder, problems = _load(path)
        only = frozenset({_name_in_folder(path)}) if path.is_file() else None
        found.append((folder, problems, only))
    return found


def _print_problems(found: Sequence[tuple["Folder", tuple["Problem", ...]]], format_: str) -> None:
    """What programs read is one object for all folders together."""
    from flows.language.report import render_github, render_json, render_sarif, render_text

    problems = [problem for _, several in found for problem in several]
    match format_:
        case "json":
            text = render_json(problems, sum(len(folder.sources) for folder, _ in found))
        case "sarif":
            text = render_sarif(problems)
        case "github":
            text = render_github(problems)
        case _:
            blocks = [render_text(several, folder.sources) for folder, several in found]
            text = "\n".join(block for block in blocks if block)
    if text:
        print(text)


def _print_report(report: Any) -> None:
    for problem in report.problems:
        print(f"{problem.file}:{problem.line}:{problem.column} {problem.code} {problem.message}")
    for case in report.cases:
        if case.ok:
            continue
        print(f"✗ {case.file}:{case.line} {case.name}")
        for failure in case.failures:
            print(f"    {case.file}:{failure.line}:{failure.column} {failure.message}")
    passed = sum(case.ok for case in report.cases)
    print(f"会話のテスト: 成功 {passed}・失敗 {len(report.cases) - passed}")
