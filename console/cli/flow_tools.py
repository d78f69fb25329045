"""`madoguchi flows explore|try|draw|schema`: for managers, from files alone."""

import argparse
import json
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.cli.flow_folders import narrowed
from console.cli.words import either, helped, tell

if TYPE_CHECKING:
    from flows.language.covered import Coverage
    from flows.language.exploring.verdicts import Report
    from flows.language.sayings.saying import Language

NOW = "%Y-%m-%d %H:%M"


def add(kinds: Any) -> None:
    """Put the commands into the parser of `flows`."""
    explore = kinds.add_parser("explore", help=helped("explore"))
    explore.add_argument("path", nargs="*", type=Path)
    explore.add_argument("--format", choices=("text", "json"), default="text")
    explore.set_defaults(run=_explore)
    talk = kinds.add_parser("try", help=helped("try"))
    talk.add_argument("flow", nargs="?", help=helped("try.flow"))
    talk.add_argument("--name", default="花子", help=helped("try.name"))
    talk.add_argument("--now", type=_moment, help=helped("try.now"))
    talk.set_defaults(run=_try)
    draw = kinds.add_parser("draw", help=helped("draw"))
    draw.add_argument("path", nargs="*", type=Path)
    draw.add_argument("--format", choices=("mermaid", "svg"), default="mermaid")
    draw.set_defaults(run=_draw)
    schema = kinds.add_parser("schema", help=helped("schema"))
    schema.add_argument("path", nargs="?", type=Path, help=helped("schema.path"))
    schema.set_defaults(run=_schema)


def print_coverage(covered: Iterable["Coverage"], language: "Language") -> None:
    """How much of each flow was taken, and each transition that was not."""
    for each in covered:
        count = len(each.transitions)
        taken = count - len(each.missed)
        print(tell(language, "covered", flow=each.flow, count=count, taken=taken))
        for transition in each.missed:
            print(tell(language, "missed", way=transition))


def _explore(options: argparse.Namespace) -> int:
    from flows.language.exploring.verdicts import explore, together
    from flows.language.report import render_text

    read = narrowed(options.path)
    reports = [explore(folder, problems, only) for folder, problems, only in read]
    report = together(reports)
    if options.format == "json":
        print(json.dumps(report.to_json(options.lang), ensure_ascii=False))
    else:
        for (folder, _, _), one in zip(read, reports, strict=True):
            if one.problems:
                print(render_text(one.problems, folder.sources, options.lang))
        _print_explored(report, options.lang)
    return 1 if report.problems else 0


def _print_explored(report: "Report", language: "Language") -> None:
    print_coverage(report.flows, language)
    for flow_id in report.cut:
        print(tell(language, "cut_off", flow=flow_id), file=sys.stderr)
    print(tell(language, "explored", count=report.count, failed=report.failed))


def _try(options: argparse.Namespace) -> int:
    from console.cli.trying import talk, tryout_of
    from flows.language.grammar.talk_files import Given

    given = Given(name=options.name, now=options.now or _local_now())
    tryout = tryout_of(options.flow, given, options.lang)
    if isinstance(tryout, str):
        print(tryout)
        return 1
    return talk(tryout, sys.stdin)


def _moment(text: str) -> datetime:
    try:
        return datetime.strptime(text, NOW)  # noqa: DTZ007 # the calendar's zone comes later
    except ValueError as error:
        told = (
            either("2026-11-21 10:00 の形で書きます", "write it as 2026-11-21 10:00") + f": {text}"
        )
        raise argparse.ArgumentTypeError(told) from error


def _local_now() -> datetime:
    from zoneinfo import ZoneInfo

    from console.settings import read_settings

    return datetime.now(ZoneInfo(read_settings().timezone)).replace(second=0, tzinfo=None)


def _draw(options: argparse.Namespace) -> int:
    from flows.language.drawing.mermaid import render_mermaid
    from flows.language.drawing.picture import picture_of
    from flows.language.drawing.svg import render_svg
    from flows.language.report import render_text
    from flows.language.sound import sound_part

    pictures, is_clean = [], True
    for folder, problems, only in narrowed(options.path):
        wanted = [p for p in problems if p.severity == "E" and (only is None or p.file in only)]
        if wanted:
            print(render_text(wanted, folder.sources, options.lang), file=sys.stderr)
            is_clean = False
        flows = sound_part(folder, problems).flows.values()
        pictures += [picture_of(f) for f in flows if only is None or f.place.file in only]
    render = render_svg if options.format == "svg" else render_mermaid
    print(render(pictures), end="")
    return 0 if is_clean else 1


def _schema(options: argparse.Namespace) -> int:
    from flows.language.folder_files import flows_folder_of
    from flows.language.schema.documents import schema, schema_of

    found = schema()
    if options.path is not None and not options.path.is_dir():
        whole = options.path.resolve(strict=True)
        found = schema_of(whole.relative_to(flows_folder_of(whole)))
    print(json.dumps(found, ensure_ascii=False, indent=2))
    return 0
