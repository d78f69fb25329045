"""The FAQ matcher: how fast it is with 2,000 texts, and how well the salon's own FAQ is told apart.

`.venv/bin/python -m tests.bench.faq`. The texts of the first part are put together at random from a
shop's words, so that almost every text shares words with every question: the worst case for speed.
The second part leaves out each way to ask once and asks it (a question that belongs here), and then
its whole entry (one that does not). Each part is done by the letters alone and with an encoder: in
the first its vectors are drawn at random, as long as those of usual models; in the second it is the
one of runs of letters, which knows no meaning, so its figures say nothing of a model.
"""

import json
import random
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np

from bot.encoder import GramEncoder
from flows.language import values
from flows.language.faq.index import Question
from flows.language.faq.matcher import Answered, Match, Matcher, Unsure
from flows.language.faq.nearness import Nearness, find_nearness
from flows.language.faq.vectors import Vectors, texts_of
from flows.language.loader import load_folder
from flows.language.normalise import normalise

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
LENGTHS = (384, 1536)
SCOPE = "bench"


def main() -> None:
    """Print both parts as tables."""
    draw = random.Random(1)
    questions = [
        Question(f"e{n}", tuple(_text(draw) for _ in range(VARIANTS)), _text(draw))
        for n in range(ENTRIES)
    ]
    texts = [_text(draw) for _ in range(QUERIES)]
    _print_speed(questions, texts)
    for length in LENGTHS:
        _print_encoded(questions, texts, length)
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


def _print_encoded(questions: list[Question], texts: list[str], length: int) -> None:
    matcher = Matcher.build(questions)
    draw = np.random.default_rng(1)
    rows = draw.standard_normal((len(matcher.keys), length), dtype=np.float32)
    known = dict(zip(matcher.keys, (row.tobytes() for row in rows), strict=True))
    began = time.process_time()
    vectors = Vectors("bench", {SCOPE: matcher}, known)
    build_s = time.process_time() - began
    sent = [draw.standard_normal(length, dtype=np.float32).tobytes() for _ in texts]
    near_ms, match_ms, kept = [], [], []
    for text, vector in zip(texts, sent, strict=True):
        began = time.process_time()
        meaning = vectors.meaning(text, vector)
        near_ms.append((time.process_time() - began) * 1000)
        near = find_nearness((meaning,), text, SCOPE)
        match_ms.append(_timed_ms(matcher, text, near))
        kept.append(len(json.dumps(values.to_json(meaning))))
    print(
        "| length | learn CPU s | nearness p50 CPU ms | p95 CPU ms | with letters p95 CPU ms "
        "| kept of a turn, bytes |\n|---|---|---|---|---|---|"
    )
    print(
        f"| {length} | {build_s:.2f} | {_share(near_ms, 0.5):.1f} | {_share(near_ms, 0.95):.1f} "
        f"| {_share([a + b for a, b in zip(near_ms, match_ms, strict=True)], 0.95):.1f} "
        f"| {max(kept)} |\n"
    )


def _share(figures: list[float], share: float) -> float:
    return sorted(figures)[int(len(figures) * share)]


def _timed_ms(matcher: Matcher, text: str, near: Nearness | None = None) -> float:
    began = time.process_time()
    matcher.match(text, near)
    return (time.process_time() - began) * 1000


def _salon() -> list[Question]:
    entries = load_folder(ROOT / "flows").faqs["salon"].entries
    return [Question(e.id.text, tuple(ask.text for ask in e.ask)) for e in entries]


def _encoded(matcher: Matcher, text: str) -> Match:
    """What is matched with the encoder of runs of letters."""
    encoder, asks = GramEncoder(), texts_of([matcher])
    rows = encoder.encode(list(asks.values()), "entry", 1)
    vectors = Vectors(encoder.id, {SCOPE: matcher}, dict(zip(asks, rows, strict=True)))
    meaning = vectors.meaning(text, encoder.encode([normalise(text)], "question", 1)[0])
    return matcher.match(text, find_nearness((meaning,), text, SCOPE))


def _print_quality(questions: list[Question]) -> None:
    print(
        "| questions of the salon, by | asked | answered | of these right | offered rightly "
        "| strange ones |\n|---|---|---|---|---|---|"
    )
    _print_judged("letters", questions, Matcher.match)
    _print_judged("letters and runs of letters", questions, _encoded)


def _print_judged(
    name: str, questions: list[Question], match_of: Callable[[Matcher, str], Match]
) -> None:
    right = answered = offered = asked = strangers = strangers_answered = 0
    for question in questions:
        others = [q for q in questions if q.id != question.id]
        stranger = Matcher.build(others)
        for ask in question.ask:
            rest = Question(question.id, tuple(a for a in question.ask if a != ask))
            match = match_of(Matcher.build([*others, rest]), ask)
            asked += 1
            answered += isinstance(match, Answered)
            right += isinstance(match, Answered) and match.id == question.id
            offered += isinstance(match, Unsure) and question.id in match.ids
            strangers += 1
            strangers_answered += isinstance(match_of(stranger, ask), Answered)
    precision = right / max(1, answered)
    wrong = f"{strangers_answered} of {strangers} answered"
    print(
        f"| {name} | {asked} | {answered / asked:.0%} | {precision:.0%} | {offered / asked:.0%} | {wrong} |"
    )


if __name__ == "__main__":
    main()
