"""`madoguchi flows replay|record`: talks of the past, done again in a draft or kept as a test."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.cli.numbers import counted
from console.cli.words import helped, tell

if TYPE_CHECKING:
    from console.replaying import Draft
    from flows.language.loader import Folder
    from flows.language.past_talks.replay import ReplayReport
    from flows.language.sayings.saying import Language
    from storage.unit import Store

DRAFT = "draft"
LAST = 500
MOST = 1_000_000


def add(kinds: Any) -> None:
    """Put the commands into the parser."""
    replay = kinds.add_parser("replay", help=helped("replay"))
    replay.add_argument("path", nargs="?", type=Path)
    replay.add_argument(
        "--last", type=counted(MOST), default=LAST, metavar="N", help=helped("replay.last")
    )
    text = helped("replay.against")
    replay.add_argument("--against", default=DRAFT, metavar="draft|VERSION", help=text)
    replay.add_argument("--format", choices=("text", "json"), default="text")
    replay.set_defaults(run=_replay)
    record = kinds.add_parser("record", help=helped("record"))
    record.add_argument("conversation", help=helped("record.talk"))
    record.add_argument("--out", type=Path, metavar="FILE", help=helped("record.out"))
    record.set_defaults(run=_record)


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
        print_problems([(folder, errors)], options.format, options.lang)
        return 1
    only = _flow_of(folder, path)
    with opened(settings) as store:
        draft, flow_ids = _draft(store, folder, options.against, only)
        report = replay_last(store, draft, options.last, flow_ids)
    if options.format == "json":
        print(json.dumps(report.to_json(options.lang), ensure_ascii=False))
    else:
        _print_report(report, options.lang)
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


def _print_report(report: "ReplayReport", language: "Language") -> None:
    from flows.language.past_talks.replay import GROUPS

    told = report.to_json(language)
    print(tell(language, "replayed", count=told["summary"]["runs"]))
    for flow, counts in report.counts().items():
        print(tell(language, "replayed.flow", flow=flow, count=counts.total()))
        for group in GROUPS:
            if counts[group]:
                text = tell(language, f"group.{group}")
                print(tell(language, "replayed.group", group=text, count=counts[group]))
    if told["summary"]["unknown_inputs"]:
        print(tell(language, "replayed.unknown", count=told["summary"]["unknown_inputs"]))
    for example in told["examples"]:
        where = tell(language, "replayed.where", **example) if example["turn"] else ""
        shown = {**example, "where": where, "group": tell(language, f"group.{example['group']}")}
        print(tell(language, "replayed.example", **shown))
        for sign, side in (("-", example["before"]), ("+", example["after"])):
            if side:
                print(f"  {sign} {side}")


def _record(options: argparse.Namespace) -> int:
    from console.cli.open_store import opened
    from console.cli.refusals import CannotRun
    from console.replaying import record
    from console.settings import read_settings
    from storage.refusals import NotFound

    language = options.lang
    with opened(read_settings()) as store:
        try:
            recording = record(store, options.conversation)
        except NotFound as error:
            raise CannotRun(tell(language, "record.no_talk", talk=options.conversation)) from error
        except ValueError as error:
            told = tell(language, "record.unreadable", error=error)
            raise CannotRun(told) from error
    if recording is None:
        raise CannotRun(tell(language, "record.none"))
    if options.out is None:
        print(recording.text, end="")
    else:
        options.out.write_text(recording.text, encoding="utf-8")
        print(tell(language, "record.written", file=options.out), file=sys.stderr)
    for kept in recording.kept:
        print(tell(language, "record.kept", text=kept), file=sys.stderr)
    if recording.strays:
        print(tell(language, "record.strays"), file=sys.stderr)
    return 0
