"""How sure is sure enough: two gates, learnt from the FAQ itself each time it is loaded.

Leave one variant out, and it is a question that belongs here; leave its whole entry out, and it is
one that does not (a fifth of the weight). A logistic on the top score, its margins and the length
gives P(correct). The answer gate is the lowest P at which what is answered is right often enough.

Managers write ways to ask that are far apart, on purpose; what friends type is nearer to one of
them. On such a file alone the logistic learns that no score means anything, so it sets out from a
belief (a high score far above the next is right), which a large FAQ outweighs.

An encoder's scores are of another kind than those of the letters, so each encoder has gates of its
own, learnt in the same way from the FAQ's vectors.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flows.language.faq.index import Gates, Index, Question, Ranked
from flows.language.faq.tokens import tokens

TARGET_PRECISION = 0.95
OUT_OF_SCOPE_SHARE = 0.2
LOWEST_SHARE = 0.1  # of the questions that belong here, by top score: below, hand off
MOST_SAMPLES = 150
ROUNDS = 60
BELIEF = (-3.0, 3.0, 14.0, 6.0, 0.0)  # the weights to set out from
BELIEF_STRENGTH = 2.0  # how far the samples must pull to change them


# The number of a way to ask, and the scores of its letters → what each document scores.
Scores = Callable[[int, Sequence[float]], Sequence[float]]


def by_letters(_number: int, letters: Sequence[float]) -> Sequence[float]:
    """The scores when there is no encoder."""
    return letters


@dataclass(frozen=True, slots=True)
class _Sample:
    features: tuple[float, ...]
    is_right: bool
    weight: float


def calibrate(
    questions: Sequence[Question], index: Index, scores_of: Scores = by_letters
) -> Gates | None:
    """The gates; None when no entry has a second way to ask."""
    variants = [(q.id, ask) for q in questions for ask in q.ask]
    counts = Counter(id_ for id_, _ in variants)
    usable = [n for n, (id_, _) in enumerate(variants) if counts[id_] > 1]
    if not usable:
        return None
    step = max(1, len(usable) // MOST_SAMPLES)
    inside, outside, top_scores = [], [], []
    for number in usable[::step]:
        id_, ask = variants[number]
        query = Counter(tokens(ask))
        scores = scores_of(number, index.scores(query))
        ranked = index.ranked(scores, without_document=number)
        inside.append((_features(ranked, query), bool(ranked) and ranked[0].id == id_))
        top_scores.append(ranked[0].score if ranked else 0.0)
        others = index.ranked(scores, without_entry=id_)
        outside.append((_features(others, query), False))
    out_weight = OUT_OF_SCOPE_SHARE / (1 - OUT_OF_SCOPE_SHARE)
    samples = [_Sample(f, right, 1.0) for f, right in inside]
    samples += [_Sample(f, right, out_weight) for f, right in outside]
    weights = _fit(samples)
    lowest = sorted(top_scores)[int(LOWEST_SHARE * len(top_scores))]
    return Gates(weights, _answer_gate(weights, samples), lowest)


def certainty(
    weights: tuple[float, ...], ranked: Sequence[Ranked], query: Mapping[str, int]
) -> float:
    """P(the best entry is the right one)."""
    return _probability(weights, _features(ranked, query))


def _features(ranked: Sequence[Ranked], query: Mapping[str, int]) -> tuple[float, ...]:
    def score(place: int) -> float:
        return ranked[place].score if place < len(ranked) else 0.0

    top = score(0)
    length = math.log1p(sum(query.values())) / 5
    return (1.0, top, top - score(1), top - score(3), length)


def _probability(weights: Sequence[float], features: Sequence[float]) -> float:
    z = sum(w * f for w, f in zip(weights, features, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, z))))


def _fit(samples: Sequence[_Sample]) -> tuple[float, ...]:
    """Logistic regression by Newton's method; the belief also makes it converge, always."""
    size = len(BELIEF)
    weights = list(BELIEF)
    for _ in range(ROUNDS):
        gradient = [BELIEF_STRENGTH * (b - w) for b, w in zip(BELIEF, weights, strict=True)]
        hessian = [[BELIEF_STRENGTH * (r == c) for c in range(size)] for r in range(size)]
        for sample in samples:
            p = _probability(weights, sample.features)
            error = sample.weight * (sample.is_right - p)
            bend = sample.weight * p * (1 - p)
            for r, fr in enumerate(sample.features):
                gradient[r] += error * fr
                for c, fc in enumerate(sample.features):
                    hessian[r][c] += bend * fr * fc
        change = _solve(hessian, gradient)
        weights = [w + d for w, d in zip(weights, change, strict=True)]
        if max(map(abs, change)) < 1e-6:  # noqa: PLR2004 # it has settled
            break
    return tuple(weights)


def _solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gaussian elimination; the belief keeps the pivots away from zero."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for column in range(size):
        pivot = max(range(column, size), key=lambda r: abs(rows[r][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for other in range(size):
            if other != column:
                factor = rows[other][column] / rows[column][column]
                rows[other] = [
                    a - factor * b for a, b in zip(rows[other], rows[column], strict=True)
                ]
    return [rows[r][size] / rows[r][r] for r in range(size)]


def _answer_gate(weights: tuple[float, ...], samples: Sequence[_Sample]) -> float:
    """The lowest P from which on the answers are right often enough.

    Where the samples never are, P itself must promise it.
    """
    scored = sorted(((_probability(weights, s.features), s) for s in samples), key=lambda x: -x[0])
    right = total = 0.0
    gate = TARGET_PRECISION
    for p, sample in scored:
        total += sample.weight
        right += sample.weight * sample.is_right
        if right / total >= TARGET_PRECISION:
            gate = p
    return gate
