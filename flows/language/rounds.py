"""What a run keeps in mind on its way: the rounds of a `repeat`, the draws of a `random`."""

import hashlib
from collections.abc import Sequence

from flows.language.conditions import Missing
from flows.language.grammar.parts import WayOut
from flows.language.grammar.shapes import Loop, Random
from flows.language.templates import show
from flows.language.turning import Walk

MOST_ROUNDS = 20
WHOLE = 2**64


def begin_rounds(walk: Walk, loop: Loop) -> str:
    """Enter a `repeat` that has something to go through: its first round."""
    walk.frame.rounds[walk.frame.state] = values_of(walk, loop)
    return next_round(walk, walk.frame.state)


def next_round(walk: Walk, step: str) -> str:
    """The next value of a `repeat`, as its var; the way that the machine knows."""
    left = walk.frame.rounds.pop(step, ())
    if not left:
        return "over"
    walk.frame.rounds[step] = left[1:]
    loop = walk.compiled.steps[step].body
    if isinstance(loop, Loop) and loop.name is not None:
        walk.frame.vars[loop.name.text] = left[0]
    return "round"


def draw(walk: Walk, random: Random) -> tuple[str, WayOut]:
    """One way by weight. The draw is worked out from the turn's seed, so that replay is exact."""
    context, drawn = walk.turning.context, walk.turning.draws
    number = len(drawn)
    if number < len(context.picks):
        index = min(context.picks[number], len(random.draws) - 1)
    else:
        index = _weighted([each.weight for each in random.draws], context.seed, number)
    drawn.append(index)
    return f"draw:{index}", random.draws[index].way


def values_of(walk: Walk, loop: Loop) -> tuple[str, ...]:
    """What a `repeat` goes through now."""
    if loop.source is None:
        return loop.over
    value = walk.view().value(loop.source.text)
    if value is None or isinstance(value, Missing):
        return ()
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(value)[:MOST_ROUNDS]
    return (show(value),) if show(value) else ()


def _weighted(weights: Sequence[int], seed: int, number: int) -> int:
    digest = hashlib.sha256(f"{seed}:{number}".encode()).digest()
    point = int.from_bytes(digest[:8], "big") / WHOLE * sum(weights)
    for index, weight in enumerate(weights):
        point -= weight
        if point < 0:
            return index
    return len(weights) - 1
