"""How many bubbles come at once, before the friend can say a word."""

from collections.abc import Mapping, Sequence

from flows.language.checks.routes import Route, by_source
from flows.language.grammar.shapes import Ask, Faq, Flow, Handoff, Say, Step
from flows.language.problems import Problems

MOST_BUBBLES = 3
ENOUGH = MOST_BUBBLES + 1  # counted no further, so that a loop comes to rest


def check_flow(flow: Flow, routes: Sequence[Route], problems: Problems) -> None:
    """I303, at the step that says the first bubble too many."""
    leaving = by_source(routes)
    before = _bubbles_before(flow, leaving)
    for step in flow.steps:
        so_far = before.get(step.name, 0)
        if so_far <= MOST_BUBBLES < _most_after(step, so_far, leaving.get(step.name, ())):
            problems.add(
                "I303",
                step.place,
                "many_in_a_row",
                most=MOST_BUBBLES,
            )


def _bubbles_before(flow: Flow, leaving: Mapping[str, Sequence[Route]]) -> Mapping[str, int]:
    """The most bubbles that may just have been sent when a step is entered."""
    own = {step.name: _own(step) for step in flow.steps}
    before = {flow.steps[0].name: 0}
    waiting = [flow.steps[0].name]
    while waiting:
        name = waiting.pop()
        for route in leaving.get(name, ()):
            count = min(ENOUGH, _through(route, before[name], own.get(name, 0)))
            if count > before.get(route.dest, -1):
                before[route.dest] = count
                waiting.append(route.dest)
    return before


def _most_after(step: Step, so_far: int, leaving: Sequence[Route]) -> int:
    through = [_through(route, so_far, _own(step)) for route in leaving]
    return max([so_far + _own(step), *through])


def _through(route: Route, so_far: int, own: int) -> int:
    said = sum(len(out.say) for out in route.outs)
    if route.waits and route.way != "over":  # after a `repeat` its last round still stands there
        return said
    return so_far + said + (own if route.is_entered else 0)


def _own(step: Step) -> int:
    match step.body:
        case Say():
            return len(step.body.bubbles)
        case Ask() | Handoff() | Faq():
            return 1
        case _:
            return 0
