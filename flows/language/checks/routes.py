"""From which step to which a flow can go, by which way out, and whether it waits in between.

Made from the machine's own edges, so that what is checked is what is walked. What only stays at a
step (a wrong answer, a called flow that is still going) is no route.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flows.language.checks.walk_flow import all_ways
from flows.language.compiler import Edge, edges_of, timeout_of
from flows.language.grammar.parts import Timeout, WayOut
from flows.language.grammar.shapes import (
    Ask,
    Call,
    Faq,
    Flow,
    Handoff,
    If,
    Loop,
    Random,
    Step,
    Switch,
    Wait,
    WaitFor,
)
from flows.language.run import AGAIN

NOT_ENTERED = frozenset({"passed", "too_often"})
YES_AND_NO = ("yes", "no")
ASIDE = frozenset({"resume", "stop"})


@dataclass(frozen=True, slots=True)
class Route:
    """One way on. trigger, way: as the machine names them. outs: the ways out done on it.

    is_built_in: the 30 days that end a question without a time-out of its own.
    """

    source: str
    dest: str
    trigger: str
    way: str
    outs: tuple[WayOut, ...] = ()
    is_built_in: bool = False

    @property
    def is_entered(self) -> bool:
        """Whether the step was done, not passed over."""
        return self.trigger != "next" or self.way not in NOT_ENTERED

    @property
    def waits(self) -> bool:
        """Whether somebody, a called flow or a clock did something, or a round is counted."""
        return self.trigger != "next" or self.source.startswith(AGAIN)


def is_whole(flow: Flow) -> bool:
    """Whether every `goto` leads to one step, so that there is a graph to look at."""
    names = {step.name for step in flow.steps}
    gotos = [way.goto for way in all_ways(flow)]
    for step in flow.steps:
        gotos += [step.goto, step.max_visits.goto if step.max_visits is not None else None]
    is_known = all(goto.text in names for goto in gotos if goto is not None)
    return is_known and 0 < len(names) == len(flow.steps)


def routes_of(flow: Flow) -> tuple[Route, ...]:
    """Every way on that a talk can take, in the script's order."""
    steps = {step.name: step for step in flow.steps}
    found = (
        _route(flow, steps[edge[0].removeprefix(AGAIN)], edge)
        for edge in edges_of(flow)
        if edge[1] not in ASIDE
    )
    return tuple(route for route in found if route is not None)


def by_source(routes: Iterable[Route]) -> dict[str, list[Route]]:
    """The routes that leave each step."""
    leaving: dict[str, list[Route]] = {}
    for route in routes:
        leaving.setdefault(route.source, []).append(route)
    return leaving


def reach(start: Iterable[str], after: Mapping[str, Iterable[str]]) -> set[str]:
    """Everything that can be come to from here, what is here included."""
    seen: set[str] = set()
    waiting = list(start)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(after.get(name, ()))
    return seen


def has_else(switch: Switch) -> bool:
    """Whether the last case takes whatever is left."""
    return any(case.when is None and not case.words for case in switch.cases[-1:])


def _route(flow: Flow, step: Step, edge: Edge) -> Route | None:
    source, trigger, way, dest = edge
    if _is_impossible(step, trigger, way):
        return None
    outs = tuple(out for out in _outs(flow, step, trigger, way) if out is not None)
    stays = trigger not in {"child_done", "done"} and not _is_led(step, trigger, way, outs)
    if source == dest and way not in NOT_ENTERED and stays:
        return None
    is_built_in = trigger == "timeout" and _timeout(flow, step) is None
    return Route(source, dest, trigger, way, outs, is_built_in)


def _is_led(step: Step, trigger: str, way: str, outs: Iterable[WayOut]) -> bool:
    """Whether a `goto` says where it leads, be it back to the step itself."""
    if any(out.goto is not None and out.call is None for out in outs):
        return True
    has_queue = isinstance(step.body, Faq) and step.body.unknown_queue is not None
    stands = isinstance(step.body, Call) or (has_queue and way == "unknown")
    return trigger == "next" and step.goto is not None and not stands


def _is_impossible(step: Step, trigger: str, way: str) -> bool:
    """What the machine has a way for, and no talk can take."""
    match step.body:
        case _ if (trigger, way) == ("next", "passed"):
            has_values = not isinstance(step.body, Loop) or step.body.source is None
            return step.only_if is None and has_values
        case Switch() if (trigger, way) == ("next", "none"):
            return has_else(step.body)
        case Wait() if way == "late":
            return step.body.length is not None
        case Ask() if (trigger, way) == ("answer", "accepted"):
            return step.body.any_answer is None and _takes_only_choices(step.body)
        case _:
            return False


def _takes_only_choices(ask: Ask) -> bool:
    return ask.type == "choice" or (ask.type == "yesno" and len(ask.choices) == len(YES_AND_NO))


def _timeout(flow: Flow, step: Step) -> Timeout | None:
    body = step.body
    if isinstance(body, Ask | Faq):
        return timeout_of(body.patience, flow)
    return body.timeout if isinstance(body, Handoff | WaitFor) else None


def _outs(flow: Flow, step: Step, trigger: str, way: str) -> tuple[WayOut | None, ...]:
    """What is done on a way; on `child_done`, and once a person is done, it was done before."""
    if trigger == "cancel":
        return (flow.on_cancel,)
    if trigger == "timeout":
        timeout = _timeout(flow, step)
        return (timeout.way if timeout is not None else None,)
    if trigger == "next":
        return _chosen(step, way)
    match step.body:
        case Ask() if trigger == "answer":
            return _answered(step.body, way)
        case Handoff() if trigger == "done":
            return (step.body.done,)
        case Faq() if trigger == "answer":
            return _looked_up(step.body, way)
        case _:
            return ()


def _chosen(step: Step, way: str) -> tuple[WayOut | None, ...]:
    """What is done on a way that is taken at once."""
    number = int(way.partition(":")[2]) if ":" in way else -1
    match step.body:
        case Switch() if number >= 0:
            return (step.body.cases[number].way,)
        case Random() if number >= 0:
            return (step.body.draws[number].way,)
        case Wait() if way == "late":
            return (step.body.late,)
        case If():
            return (step.body.then if way == "then" else step.body.otherwise,)
        case Faq():
            return _looked_up(step.body, way)
        case _:
            return ()


def _looked_up(faq: Faq, way: str) -> tuple[WayOut | None, ...]:
    ways = {"answered": faq.answered, "unsure": faq.unsure, "unknown": faq.unknown}
    return (ways.get(way),)


def _answered(ask: Ask, way: str) -> tuple[WayOut | None, ...]:
    if way.startswith("choice:"):
        return (ask.choices[int(way.removeprefix("choice:"))].way, ask.any_answer)
    match way:
        case "accepted":
            return (ask.any_answer,)
        case "other":
            return (ask.other,)
        case "skip":
            return (ask.skip.way if ask.skip is not None else None,)
        case "gave_up":
            return (ask.give_up.way if ask.give_up is not None else None,)
        case _:
            return ()
