"""Followed along every route: what some way here has asked, and what every way here has asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flows.language.checks.paths import gives_answer
from flows.language.checks.routes import Route, by_source
from flows.language.grammar.shapes import Flow
from flows.language.run import AGAIN, END

Marks = tuple[int, int]  # some and every, a bit for each step that asks: a long flow has many loops


@dataclass(frozen=True, slots=True)
class Known:
    """What has been asked at one place. some: on a way here. every: on every way here."""

    some: frozenset[str] = frozenset()
    every: frozenset[str] = frozenset()

    def meet(self, other: "Known") -> "Known":
        """Where two ways come together."""
        return Known(self.some | other.some, self.every & other.every)

    def after(self, step: str) -> "Known":
        """Once a step has asked."""
        return Known(self.some | {step}, self.every | {step})


def known_at_steps(flow: Flow, routes: Sequence[Route]) -> Mapping[str, Known]:
    """What is asked when a step is entered, of every step that is reached."""
    leaving = by_source(routes)
    names = [step.name for step in flow.steps if gives_answer(step)]
    bits = {name: 1 << number for number, name in enumerate(names)}
    marks: dict[str, Marks] = {flow.steps[0].name: (0, 0)}
    changed = {flow.steps[0].name}
    places = [*(step.name for step in flow.steps), *(n for n in leaving if n.startswith(AGAIN))]
    while changed:  # in the order of the script, so that only what leads back is done again
        for place in places:
            if place in changed:
                changed.discard(place)
                changed |= _spread(marks, bits.get(place, 0), leaving.get(place, ()))
    return {name: Known(*(_named(mark, bits) for mark in pair)) for name, pair in marks.items()}


def together(places: Iterable[Known]) -> Known:
    """Where several ways come together."""
    met, *others = places
    for other in others:
        met = met.meet(other)
    return met


def _spread(marks: dict[str, Marks], bit: int, leaving: Iterable[Route]) -> set[str]:
    """Carry what is known at a step along its routes; where that changes something."""
    changed: set[str] = set()
    for route in leaving:
        some, every = (mark | (bit if route.is_entered else 0) for mark in marks[route.source])
        before = marks.get(route.dest)
        met = (some, every) if before is None else (some | before[0], every & before[1])
        if met != before:
            marks[route.dest] = met
            changed.add(route.dest)
    return changed - {END}


def _named(mark: int, bits: Mapping[str, int]) -> frozenset[str]:
    return frozenset(name for name, bit in bits.items() if mark & bit)
