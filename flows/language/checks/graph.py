"""Where the script leads: nobody may fall off the end, be lost, or go round for ever."""

from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise

from flows.language.checks.routes import Route, reach
from flows.language.grammar.shapes import End, Flow, Handoff, Step
from flows.language.problems import Problems
from flows.language.run import AGAIN, END

MOST_SHOWN = 6  # steps of a way in a message
ONWARD = frozenset({"next", "answer", "done", "child_done", "wake", "matched"})


def check_flow(flow: Flow, routes: Sequence[Route], problems: Problems) -> None:
    """F030, F031, F032, F040."""
    falls_off = _fall_off(flow, routes, problems)
    looping = _loops(flow, routes, problems)
    after = _after(routes)
    for step, following in pairwise(flow.steps):
        if step.name in looping:  # what stands behind a loop is not lost besides
            after[step.name].add(following.name)
    _unreachable(flow, after, problems, but_last=falls_off)
    if not looping:  # a loop without a wait has no end either
        _endless(flow, routes, problems)


def check_sound_steps(
    flow: Flow, sound: Collection[str], routes: Sequence[Route], problems: Problems
) -> None:
    """F030 and F040 as far as they show in steps without another problem."""
    if _last(flow).name in sound:
        _fall_off(flow, routes, problems)
    _loops(flow, [r for r in routes if r.source in sound and r.dest in sound], problems)


def _last(flow: Flow) -> Step:
    """The last step of the script; the body of a `repeat` stands behind its step, flat."""
    return [step for step in flow.steps if not step.within][-1]


def _fall_off(flow: Flow, routes: Sequence[Route], problems: Problems) -> bool:
    last = _last(flow)
    falls_off = _falls_off(last, routes)
    if falls_off:
        problems.add(
            "F030",
            last.place,
            "falls_off",
        )
    return falls_off


def _after(routes: Iterable[Route]) -> dict[str, set[str]]:
    after: dict[str, set[str]] = {}
    for route in routes:
        after.setdefault(route.source, set()).add(route.dest)
    return after


def _falls_off(last: Step, routes: Sequence[Route]) -> bool:
    """Whether a way on from the last step comes to nothing, where nothing says `end`."""
    if isinstance(last.body, End):
        return last.only_if is not None
    is_ended = isinstance(last.body, Handoff) and last.body.back == "end"
    return any(
        route.source.removeprefix(AGAIN) == last.name
        and route.dest == END
        and route.trigger in ONWARD
        for route in routes
        if not (is_ended and route.trigger == "done")
    )


def _unreachable(
    flow: Flow, after: Mapping[str, set[str]], problems: Problems, *, but_last: bool
) -> None:
    moved_to = [new.text for migration in flow.migrate for _, new in migration.moves]
    reached = reach([flow.steps[0].name, *moved_to], after)
    steps = list(flow.steps)
    while but_last and steps[-1].name not in reached:  # told of already, as the end of all
        steps.pop()
    previous_was_lost = False
    for step in steps:
        is_lost = step.name not in reached
        if is_lost and not previous_was_lost:
            problems.add(
                "F031",
                step.place,
                "unreachable",
            )
        previous_was_lost = is_lost


def _endless(flow: Flow, routes: Sequence[Route], problems: Problems) -> None:
    before: dict[str, set[str]] = {}
    for route in routes:
        if not route.is_built_in:
            before.setdefault(route.dest, set()).add(route.source)
    ending = reach([END], before)
    lost = next((step for step in flow.steps if step.name not in ending), None)
    if lost is not None:
        problems.add(
            "F032",
            lost.place,
            "endless",
        )


def _loops(flow: Flow, routes: Sequence[Route], problems: Problems) -> set[str]:
    """The steps of the first loop without a wait, which is told of."""
    after = _without_ends(_after(route for route in routes if not route.waits))
    for step in flow.steps:
        onward = reach(after.get(step.name, ()), after)
        if step.name in onward:
            way = " → ".join(_way_back(step.name, after))
            problems.add("F040", step.place, "loop", way=way)
            return onward & reach([step.name], _before(after))
    return set()


def _way_back(name: str, after: Mapping[str, Iterable[str]]) -> list[str]:
    """The shortest way from a step back to it; of a long one the beginning and the end."""
    came_from: dict[str, str] = {}
    waiting = deque([name])
    while name not in came_from:
        here = waiting.popleft()
        new = [dest for dest in sorted(after.get(here, ())) if dest not in came_from]
        came_from.update(dict.fromkeys(new, here))
        waiting.extend(new)
    way = [name, came_from[name]]
    while way[-1] != name:
        way.append(came_from[way[-1]])
    shown = [step.removeprefix(AGAIN) for step in reversed(way)]
    return shown if len(shown) <= MOST_SHOWN else [*shown[:3], "…", *shown[-2:]]


def _before(after: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
    before: dict[str, set[str]] = {}
    for source, dests in after.items():
        for dest in dests:
            before.setdefault(dest, set()).add(source)
    return before


def _without_ends(after: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Only what can go on for ever: what leads nowhere is taken off, again and again."""
    before = _before(after)
    left = {source: set(dests) for source, dests in after.items()}
    ended = [name for name in before if not left.get(name)]
    while ended:
        name = ended.pop()
        left.pop(name, None)
        for source in before.get(name, ()):
            left[source].discard(name)
            if not left[source]:
                ended.append(source)
    return left
