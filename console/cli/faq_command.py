"""`madoguchi flows evaluate` and `learn`: how well the FAQ answers, and what it should learn."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.cli.flow_folders import NoFolder
from console.cli.numbers import counted
from console.cli.words import helped, tell

if TYPE_CHECKING:
    from bot.encoder import Encoder
    from flows.language.book import House
    from flows.language.faq.evaluation import Figures
    from flows.language.faq.learning import Draft
    from flows.language.sayings.saying import Language

LETTERS = "letters"
MOST_DAYS = 36_500


def add(kinds: Any) -> None:
    """Put the commands into the parser."""
    parser = kinds.add_parser("evaluate", help=helped("evaluate"))
    parser.add_argument("questions", type=Path, help=helped("evaluate.questions"))
    parser.add_argument("path", nargs="?", type=Path, help=helped("folder"))
    parser.add_argument(
        "--faq", action="append", default=[], metavar="ID", help=helped("evaluate.faq")
    )
    parser.add_argument("--encoder", action="store_true", help=helped("evaluate.encoder"))
    parser.add_argument("--grams", action="store_true", help=helped("evaluate.grams"))
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(run=_evaluate)
    learn = kinds.add_parser("learn", help=helped("learn"))
    learn.add_argument("path", nargs="?", type=Path, help=helped("folder"))
    learn.add_argument("--days", type=counted(MOST_DAYS), default=30, help=helped("learn.days"))
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
    matcher = house.matcher(wanted)
    found = {LETTERS: evaluate(matcher, asked)}
    for encoder in _encoders(options):
        from console.cli.encoded_faq import near_by

        near_of = near_by(encoder, matcher, [question.text for question in asked])
        found[encoder.id] = evaluate(matcher, asked, near_of)
    _print(found, options)
    return 0


def _encoders(options: argparse.Namespace) -> list["Encoder"]:
    """Those to be compared with the letters. Raises CannotRun."""
    from bot.encoder import GramEncoder
    from console.cli.encoders import find_encoder
    from console.cli.refusals import CannotRun
    from console.settings import read_settings

    wanted: list[Encoder] = [GramEncoder()] if options.grams else []
    if options.encoder:
        encoder = find_encoder(read_settings())
        if encoder is None:
            raise CannotRun(tell(options.lang, "faq.no_encoder"))
        wanted.append(encoder)
    if wanted and find_spec("numpy") is None:
        raise CannotRun(tell(options.lang, "faq.no_numpy"))
    return wanted


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


def _print(found: Mapping[str, "Figures"], options: argparse.Namespace) -> None:
    letters, encoded = found[LETTERS], {id_: f for id_, f in found.items() if id_ != LETTERS}
    if options.format == "json":
        more = {"encoders": {id_: asdict(figures) for id_, figures in encoded.items()}}
        print(json.dumps({**asdict(letters), **(more if encoded else {})}))
        return
    told = {"count": letters.questions, "strangers": letters.strangers}
    print(tell(options.lang, "faq.asked", **told))
    if encoded:
        columns = [tell(options.lang, "faq.letters"), *encoded]
        between = tell(options.lang, "between")
        print(tell(options.lang, "faq.columns", columns=between.join(columns)))
    for name in ("first", "among_three", "auroc", "answered", "precision"):
        shares = [getattr(figures, name) for figures in found.values()]
        shown = " / ".join("–" if share is None else f"{share:.1%}" for share in shares)
        print(f"{tell(options.lang, f'faq.{name}')}: {shown}")
