"""The FAQ matcher: how fast it is with 2,000 texts, and how well the salon's own FAQ is told apart.

`.venv/bin/python -m tests.bench.faq`. The texts of the first part are put together at random from a
shop's words, so that almost every text shares words with every question: the worst case for speed.
The second part leaves out each way to ask once and asks it (a question that belongs here), and then
its whole entry (one that does not).
"""

import random
import time
import tracemalloc
from pathlib import Path

from flows.language.faq.index import Question
from flows.language.faq.matcher import Answered, Matcher, Unsure
from flows.language.loader import load_folder

ROOT = Path(__file__).parents[2]
WORDS = [
    "予約", "変更", "キャンセル", "料金", "支払い", "カード", "駐車場", "営業時間", "カラー", "カット", "パーマ",
    "お子さま", "相談", "メニュー", "初回", "割引", "クーポン", "電話", "場所", "駅", "住所", "持ち物", "時間",
    "スタッフ", "指名", "土日", "祝日", "着付け", "成人式", "返品", "配送", "送料", "在庫", "修理", "保証",
]  # fmt: skip
ENDS = [
    "はありますか", "を教えてください", "はどうなりますか", "できますか", "はいくらですか", "について知りたい",
]  # fmt: skip
ENTRIES, VARIANTS, QUERIES = 400, 5, 500


def main() -> None:
    """Print both parts as tables."""
    draw = random.Random(1)
    questions = [
        Question(f"e{n}", tuple(_text(draw) for _ in range(VARIANTS)), _text(draw))
        for n in range(ENTRIES)
    ]
    _print_speed(questions, [_text(draw) for _ in range(QUERIES)])
    _print_quality(_salon())


def _text(draw: random.Random) -> str:
    first, second = draw.sample(WORDS, 2)
    return f"{first}の{second}{draw.choice(ENDS)}"


def _print_speed(questions: list[Question], texts: list[str]) -> None:
    began = time.process_time()
    matcher = Matcher.build(questions)
    build_s = time.process_time() - began
    took_ms = sorted(_timed_ms(matcher, text) for text in texts)
    tracemalloc.start()
    kept = Matcher.build(questions)
    memory_mb = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    del kept
    print(
        "| texts | build CPU s | query p50 CPU ms | p95 CPU ms | memory MB |\n|---|---|---|---|---|"
    )
    p50, p95 = took_ms[len(took_ms) // 2], took_ms[len(took_ms) * 95 // 100]
    count = sum(len(q.ask) for q in questions)
    print(f"| {count} | {build_s:.2f} | {p50:.1f} | {p95:.1f} | {memory_mb:.1f} |\n")


def _timed_ms(matcher: Matcher, text: str) -> float:
    began = time.process_time()
    matcher.match(text)
    return (time.process_time() - began) * 1000


def _salon() -> list[Question]:
    entries = load_folder(ROOT / "flows").faqs["salon"].entries
    return [Question(e.id.text, tuple(ask.text for ask in e.ask)) for e in entries]


def _print_quality(questions: list[Question]) -> None:
    right = answered = offered = asked = strangers = strangers_answered = 0
    for question in questions:
        others = [q for q in questions if q.id != question.id]
        stranger = Matcher.build(others)
        for ask in question.ask:
            rest = Question(question.id, tuple(a for a in question.ask if a != ask))
            match = Matcher.build([*others, rest]).match(ask)
            asked += 1
            answered += isinstance(match, Answered)
            right += isinstance(match, Answered) and match.id == question.id
            offered += isinstance(match, Unsure) and question.id in match.ids
            strangers += 1
            strangers_answered += isinstance(stranger.match(ask), Answered)
    print("| questions of the salon | answered | of these right | offered rightly | strange ones |")
    print("|---|---|---|---|---|")
    precision = right / max(1, answered)
    wrong = f"{strangers_answered} of {strangers} answered"
    print(
        f"| {asked} | {answered / asked:.0%} | {precision:.0%} | {offered / asked:.0%} | {wrong} |"
    )


if __name__ == "__main__":
    main()
