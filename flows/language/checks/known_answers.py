"""Followed along every route: what some way here has asked, and what every way here has asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flows.language.checks.routes import Route, by_source
from flows.language.grammar.shapes import Flow


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
    known = {flow.steps[0].name: Known()}
    waiting = [flow.steps[0].name]
    while waiting:
        name = waiting.pop()
        for route in leaving.get(name, ()):
            left = known[name].after(name) if route.is_entered else known[name]
            before = known.get(route.dest)
            met = left if before is None else before.meet(left)
            if met != before:
                known[route.dest] = met
                waiting.append(route.dest)
    return known


def together(places: Iterable[Known]) -> Known:
    """Where several ways come together."""
    met, *others = places
    for other in others:
        met = met.meet(other)
    return met
