"""`madoguchi flows replay|record`: talks of the past, done again in a draft or kept as a test."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from console.replaying import Draft
    from flows.language.loader import Folder
    from flows.language.replay import ReplayReport
    from storage.unit import Store

DRAFT = "draft"
LAST = 500
GROUPS = {
    "same": "同じ",
    "other_text": "文が変わる",
    "other_tags": "タグ・記録・知らせる先が変わる",
    "other_end": "終わり方が変わる",
    "not_accepted": "答えが受け付けられなくなる",
    "diverged": "途中から別の道に進む",
    "unknown": "わからない",
}


def add(kinds: Any) -> None:
    """Put the commands into the parser."""
    replay = kinds.add_parser("replay", help="実際の会話を、下書きでもう一度動かして比べる")
    replay.add_argument("path", nargs="?", type=Path)
    replay.add_argument(
        "--last", type=_positive, default=LAST, metavar="N", help="新しいほうからN件"
    )
    text = "下書き(draft)か、版(flows versions の記号の初め、ファイルを指定したときは番号も)"
    replay.add_argument("--against", default=DRAFT, metavar="draft|VERSION", help=text)
    replay.add_argument("--format", choices=("text", "json"), default="text")
    replay.set_defaults(run=_replay)
    record = kinds.add_parser("record", help="実際の会話を、個人情報を伏せたテストにする")
    record.add_argument("conversation", help="会話のid(画面のアドレス /talks/… の…)")
    record.add_argument("--out", type=Path, metavar="FILE", help="書き込むファイル(なければ表示)")
    record.set_defaults(run=_record)


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"1以上の数を書きます: {text}")
    return int(text)


def _replay(options: argparse.Namespace) -> int:
    from console.cli.flow_folders import loaded
    from console.cli.open_store import opened
    from console.cli.problem_prints import print_problems
    from console.replaying import replay_last
    from console.settings import read_settings

    settings = read_settings()
    path = options.path or settings.flows_dir
    folder, problems = loaded(path)
    errors = tuple(problem for problem in problems if problem.severity == "E")
    if errors and options.against == DRAFT:
        print_problems([(folder, errors)], options.format)
        return 1
    only = _flow_of(folder, path)
    with opened(settings) as store:
        draft, flow_ids = _draft(store, folder, options.against, only)
        report = replay_last(store, draft, options.last, flow_ids)
    if options.format == "json":
        print(json.dumps(report.to_json(), ensure_ascii=False))
    else:
        _print_report(report)
    return 0


def _flow_of(folder: "Folder", path: Path) -> str | None:
    """The flow of a path that names its file."""
    if path.is_dir():
        return None
    found = (id_ for id_, flow in folder.flows.items() if flow.place.file == path.name)
    return next(found, None)


def _draft(
    store: "Store", folder: "Folder", against: str, only: str | None
) -> tuple["Draft", set[str]]:
    """What is compared with, and the flows whose runs are done again."""
    from console.replaying import draft_of, find_version, published_with

    if against == DRAFT:
        draft = draft_of(folder)
        return draft, {only} if only is not None else set(draft.heads)
    flow_id, hash_ = store.read(lambda db: find_version(db, against, only))
    return store.read(lambda db: published_with(db, {flow_id: hash_})), {flow_id}


def _print_report(report: "ReplayReport") -> None:
    told = report.to_json()
    print(f"実際の会話 {told['summary']['runs']}件を、もう一度動かしました。")
    for flow, counts in report.counts().items():
        print(f"{flow}: {counts.total()}件")
        for group, text in GROUPS.items():
            if counts[group]:
                print(f"  {text}: {counts[group]}件")
    if told["summary"]["unknown_inputs"]:
        count = told["summary"]["unknown_inputs"]
        print(f"変わったところより後の返事 {count}件は、どうなるかわからないので数えていません。")
    for example in report.examples():
        where = f"{example.turn}番目のやりとり・手順 {example.step}" if example.turn else ""
        print(f"例 {example.flow} {GROUPS[example.group]} {where}(run {example.run})")
        for sign, side in (("-", example.before), ("+", example.after)):
            if side:
                print(f"  {sign} {side}")


def _record(options: argparse.Namespace) -> int:
    from console.cli.open_store import opened
    from console.cli.refusals import CannotRun
    from console.replaying import record
    from console.settings import read_settings

    with opened(read_settings()) as store:
        try:
            recording = record(store, options.conversation)
        except ValueError as error:
            raise CannotRun(f"この会話の記録は、この版では読めません。{error}") from error
    if recording is None:
        raise CannotRun("この会話には、フローの記録がありません。")
    if options.out is None:
        print(recording.text, end="")
    else:
        options.out.write_text(recording.text, encoding="utf-8")
        print(f"{options.out} に書きました。", file=sys.stderr)
    for kept in recording.kept:
        print(f"道を選ぶ言葉のため、そのまま残しました。確かめてください: {kept}", file=sys.stderr)
    if recording.strays:
        print("個人情報を伏せると別の道に進むところがあります。確かめてください。", file=sys.stderr)
    return 0
