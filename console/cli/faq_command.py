"""`madoguchi flows evaluate` and `learn`: how well the FAQ answers, and what it should learn."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.cli.flow_folders import NoFolder
from console.cli.words import tell

if TYPE_CHECKING:
    from flows.language.book import House
    from flows.language.faq.evaluation import Figures
    from flows.language.faq.learning import Draft
    from flows.language.sayings.saying import Language


def add(kinds: Any) -> None:
    """Put the commands into the parser."""
    parser = kinds.add_parser("evaluate", help="FAQが質問にどれだけ正しく答えるかを数える")
    parser.add_argument("questions", type=Path, help="CSV: 質問,正しい項目のid(人が答えるなら空)")
    parser.add_argument("path", nargs="?", type=Path, help="フローのフォルダー")
    parser.add_argument("--faq", action="append", default=[], metavar="ID", help="このFAQだけ")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(run=_evaluate)
    learn = kinds.add_parser("learn", help="FAQが答えられなかった質問をまとめ、書き足す案を出す")
    learn.add_argument("path", nargs="?", type=Path, help="フローのフォルダー")
    learn.add_argument("--days", type=int, default=30, help="さかのぼる日数")
    learn.add_argument("--format", choices=("text", "json"), default="text")
    learn.set_defaults(run=_learn)


def _evaluate(options: argparse.Namespace) -> int:
    from flows.language.faq.evaluation import BadQuestions, evaluate, read_questions
    from flows.language.sayings.catalogue import say

    path, house = _house(options.path)
    wanted = tuple(options.faq) or tuple(sorted(house.faqs))
    unknown = [faq_id for faq_id in wanted if faq_id not in house.faqs]
    if unknown or not wanted:
        names = tell(options.lang, "between").join(unknown) or "faq/"
        print(tell(options.lang, "faq.none", names=names, path=path), file=sys.stderr)
        return 2
    ids = {entry.id.text for faq_id in wanted for entry in house.faqs[faq_id].entries}
    with options.questions.open(encoding="utf-8-sig", newline="") as lines:
        try:
            asked = read_questions(lines, ids)
        except BadQuestions as error:
            print(f"{options.questions}: {say(error.about, options.lang)}", file=sys.stderr)
            return 2
    _print(evaluate(house.matcher(wanted), asked), options)
    return 0


def _learn(options: argparse.Namespace) -> int:
    from datetime import UTC, datetime, timedelta

    from console.cli.open_store import opened
    from console.settings import read_settings
    from flows.language.faq.learning import Missed, draft
    from storage.conversations import Scope
    from storage.faq_questions import list_open

    _, house = _house(options.path)
    since = datetime.now(UTC) - timedelta(days=options.days)
    with opened(read_settings()) as store:
        found = store.read(lambda db: list_open(db, Scope("", None), since))
    missed = [Missed(q.id, q.text, q.entry_id, q.reply) for q in found]
    drafts = draft(house.questions(tuple(sorted(house.faqs))), missed)
    if options.format == "json":
        print(json.dumps([asdict(one) for one in drafts], ensure_ascii=False))
    else:
        _print_drafts(drafts, options.lang)
    return 0


def _house(path: Path | None) -> tuple[Path, "House"]:
    from console.settings import read_settings
    from flows.language.book import build, house_from
    from flows.language.loader import load_folder

    path = path or read_settings().flows_dir
    if not path.exists():
        raise NoFolder(path)
    return path, house_from(build(load_folder(path)).house.tree)


def _print_drafts(drafts: Sequence["Draft"], language: "Language") -> None:
    from flows.language.faq.writing import NO_ANSWER, quoted

    if not drafts:
        print(tell(language, "faq.all_answered"))
    for one in drafts:
        print(tell(language, "faq.questions", count=len(one.questions)))
        if one.entry is not None:
            print(tell(language, "faq.add_to", entry=one.entry))
            print(f"    ask: [{', '.join(map(quoted, one.ask))}]\n")
            continue
        print(tell(language, "faq.new_entry"))
        print(f"  - id: new_{one.questions[0]}\n    ask: [{', '.join(map(quoted, one.ask))}]")
        print(f"    answer: {quoted(one.answer) if one.answer else NO_ANSWER}\n")


def _print(figures: "Figures", options: argparse.Namespace) -> None:
    if options.format == "json":
        print(json.dumps(asdict(figures)))
        return
    told = {"count": figures.questions, "strangers": figures.strangers}
    print(tell(options.lang, "faq.asked", **told))
    for name in ("first", "among_three", "auroc", "answered", "precision"):
        share = getattr(figures, name)
        shown = "–" if share is None else f"{share:.1%}"
        print(f"{tell(options.lang, f'faq.{name}')}: {shown}")
