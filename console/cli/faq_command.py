"""`madoguchi flows evaluate`: how well the FAQ answers questions whose right entries are known."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flows.language.faq_evaluation import Figures


def add(kinds: Any) -> None:
    """Put the command into the parser."""
    parser = kinds.add_parser("evaluate", help="FAQが質問にどれだけ正しく答えるかを数える")
    parser.add_argument("questions", type=Path, help="CSV: 質問,正しい項目のid(人が答えるなら空)")
    parser.add_argument("path", nargs="?", type=Path, help="フローのフォルダー")
    parser.add_argument("--faq", action="append", default=[], metavar="ID", help="このFAQだけ")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(run=_evaluate)


def _evaluate(options: argparse.Namespace) -> int:
    from console.settings import read_settings
    from flows.language.book import build, house_from
    from flows.language.faq_evaluation import BadQuestions, evaluate, read_questions
    from flows.language.loader import load_folder

    path = options.path or read_settings().flows_dir
    if not path.exists():
        raise FileNotFoundError(f"{path} がありません。フローのフォルダーを指定してください。")
    house = house_from(build(load_folder(path)).house.tree)
    wanted = tuple(options.faq) or tuple(sorted(house.faqs))
    unknown = [faq_id for faq_id in wanted if faq_id not in house.faqs]
    if unknown or not wanted:
        names = "、".join(unknown) or "faq/"
        print(f"FAQ「{names}」が {path} にありません。", file=sys.stderr)
        return 2
    ids = {entry.id.text for faq_id in wanted for entry in house.faqs[faq_id].entries}
    with options.questions.open(encoding="utf-8-sig", newline="") as lines:
        try:
            asked = read_questions(lines, ids)
        except BadQuestions as error:
            print(f"{options.questions}: {error}", file=sys.stderr)
            return 2
    _print(evaluate(house.matcher(wanted), asked), options.format)
    return 0


def _print(figures: "Figures", format_: str) -> None:
    if format_ == "json":
        print(json.dumps(asdict(figures)))
        return
    print(f"質問 {figures.questions}件(うち、答えのないはずの質問 {figures.strangers}件)")
    for title, share in (
        ("正しい項目が1位 (S@1)", figures.first),
        ("正しい項目が3位まで (S@3)", figures.among_three),
        ("答えのある質問とない質問の見分け (AUROC)", figures.auroc),
        ("その場で答えた割合", figures.answered),
        ("答えたうち正しかった割合", figures.precision),
    ):
        print(f"{title}: {'–' if share is None else f'{share:.1%}'}")
