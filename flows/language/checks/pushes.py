"""What somebody costs who stays silent: the messages that a flow sends them of its own accord.

An answer to a friend is free; what a clock sends is a push, which counts against the account's
monthly quota. One push is one turn, however many bubbles it has.
"""

from collections.abc import Iterator, Mapping, Sequence

from flows.language.checks.routes import Route, by_source
from flows.language.compiler import reminds_of
from flows.language.grammar.loops import MOST_ROUNDS
from flows.language.grammar.shapes import Ask, Faq, Flow, Handoff, Loop, Say, Step
from flows.language.problems import Problems
from flows.language.run import AGAIN, END

MOST_PUSHES = 10
OF_A_CLOCK = frozenset({"timeout", "wake"})
BY_ITSELF = frozenset({"event", "schedule", "tag_added"})
Place = tuple[str, bool]  # a step, and whether this turn has said something


def check_flow(flow: Flow, routes: Sequence[Route], problems: Problems) -> None:
    """W209, at the step after which the push too many comes."""
    found = _first_too_many(flow, routes)
    if found is not None:
        problems.add("W209", found.place, "many_pushes", most=MOST_PUSHES)


def _first_too_many(flow: Flow, routes: Sequence[Route]) -> Step | None:
    """Whoever falls silent may stand anywhere; a turn of their own has cost nothing."""
    steps = {step.name: step for step in flow.steps}
    leaving = by_source(routes)
    counts: dict[Place, int] = dict.fromkeys(((name, True) for name in steps), 0)
    if any(trigger.kind in BY_ITSELF for trigger in flow.triggers):
        counts[flow.steps[0].name, False] = 0
    waiting = list(counts)
    while waiting:
        place = waiting.pop()
        step = steps[place[0].removeprefix(AGAIN)]
        so_far = _after_rounds(place, step, counts)
        for following, more in _next(flow, step, place, leaving.get(place[0], ())):
            if so_far + more > MOST_PUSHES:
                return step
            if so_far + more > counts.get(following, -1):
                counts[following] = so_far + more
                if following[0] != END:
                    waiting.append(following)
    return None


def _after_rounds(place: Place, step: Step, counts: Mapping[Place, int]) -> int:
    """What it took to come here; behind a `repeat` one round is counted as often as it goes."""
    count = counts[place]
    if not place[0].startswith(AGAIN) or not isinstance(step.body, Loop):
        return count
    before = max(counts.get((step.name, has_said), 0) for has_said in (True, False))
    rounds = len(step.body.over) if step.body.source is None else MOST_ROUNDS
    return before + rounds * max(0, count - before)


def _next(
    flow: Flow, step: Step, place: Place, leaving: Sequence[Route]
) -> Iterator[tuple[Place, int]]:
    """Where silence leads from a place, and how many pushes that takes."""
    name, has_said = place
    for route in leaving:
        says = any(out.say for out in route.outs)
        if route.trigger == "next" and not (name.startswith(AGAIN) and route.way == "round"):
            says |= route.is_entered and _speaks(step)
            yield (route.dest, has_said or says), int(says and not has_said)
        elif route.trigger in OF_A_CLOCK:
            asked = int(_speaks(step) and not has_said) + len(reminds_of(step, flow))
            yield (route.dest, says), asked + int(says)


def _speaks(step: Step) -> bool:
    match step.body:
        case Say():
            return bool(step.body.bubbles)
        case Handoff():
            return bool(step.body.text.template.parts)
        case _:
            return isinstance(step.body, Ask | Faq)
