"""A flow as a picture: its steps in the order of the script, and the ways between them.

Made from the routes that the checker walks, so that what is drawn is what happens. A picture says
what a way is (`kind`) and which of the manager's own words belong to it; it is put into sentences
where it is shown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from flows.language.checks.routes import Route, is_whole, routes_of
from flows.language.checks.walk_flow import words_on_entry
from flows.language.grammar.parts import Effects, Words
from flows.language.grammar.shapes import Ask, Case, Flow, Step, Switch
from flows.language.run import END

ROUND = "_again_"  # the machine's state between two rounds of one step
WAITING = frozenset({"ask", "faq", "handoff", "call", "wait", "wait_for"})
LONGEST_TEXT = 60


@dataclass(frozen=True, slots=True)
class Node:
    """One step. text: what it says first, empty when it says nothing. end_line: included."""

    step: str
    verb: str
    text: str
    line: int
    end_line: int
    waits: bool
    is_named: bool


@dataclass(frozen=True, slots=True)
class Told:
    """One step in words, without its place in a file."""

    step: str
    verb: str
    text: str
    waits: bool
    is_named: bool


@dataclass(frozen=True, slots=True)
class Arrow:
    """One way from a step to another (`_end`: the end). text: the manager's words for it."""

    source: str
    target: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """All of it. first: the step where a run begins."""

    first: str
    end: str
    nodes: tuple[Node, ...]
    edges: tuple[Arrow, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain maps and lists."""
        return asdict(self)


def draw(flow: Flow, source: str) -> Picture | None:
    """The picture of a flow; None while a `goto` leads nowhere. source: the text of its file."""
    if not is_whole(flow):
        return None
    return Picture(flow.steps[0].name, END, _nodes(flow, source), _arrows(flow))


def tell_steps(flow: Flow) -> tuple[Told, ...]:
    """The steps in the order of the script."""
    return tuple(
        Told(step.name, step.verb, _text(step), step.verb in WAITING, step.id is not None)
        for step in flow.steps
    )


def _nodes(flow: Flow, source: str) -> tuple[Node, ...]:
    lines = source.splitlines()
    starts = [step.place.line for step in flow.steps]
    ends = [*(line - 1 for line in starts[1:]), len(lines)]
    return tuple(
        Node(
            step=told.step,
            verb=told.verb,
            text=told.text,
            line=first,
            end_line=_last_written(lines, first, end),
            waits=told.waits,
            is_named=told.is_named,
        )
        for told, first, end in zip(tell_steps(flow), starts, ends, strict=True)
    )


def _last_written(lines: Sequence[str], first: int, last: int) -> int:
    """Empty lines and remarks between two steps belong to neither."""
    while last > first and (not (line := lines[last - 1].strip()) or line.startswith("#")):
        last -= 1
    return max(first, last)


def _text(step: Step) -> str:
    words = next(words_on_entry(step), None)
    if words is not None:
        return _plain(words)
    named = getattr(step.body, "flow", None) or getattr(step.body, "name", None)
    return named.text if named is not None else "・".join(_marks(step.effects))


def _plain(words: Words) -> str:
    parts = (p if isinstance(p, str) else f"{{{{{p.path}}}}}" for p in words.template.parts)
    text = next((line.strip() for line in "".join(parts).splitlines() if line.strip()), "")
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"


def _marks(effects: Effects) -> Iterator[str]:
    yield from (tag.text for tag in effects.tag)
    yield from (f"−{tag.text}" for tag in effects.untag)
    yield from (setting.path.text for setting in effects.set)
    yield from (adding.path.text for adding in effects.add)
    yield from (notice.to.text for notice in effects.notify)


def _arrows(flow: Flow) -> tuple[Arrow, ...]:
    steps = {step.name: step for step in flow.steps}
    found = (_arrow(steps[_shown(route.source)], route) for route in routes_of(flow))
    return tuple(dict.fromkeys(arrow for arrow in found if arrow is not None))


def _arrow(step: Step, route: Route) -> Arrow | None:
    target = _shown(route.dest)
    if target == step.name and route.source == route.dest:
        return None
    kind, _, number = route.way.partition(":")
    kind = route.trigger if route.trigger in {"timeout", "cancel"} else kind or route.trigger
    kind, text = _named(step, kind, number)
    return Arrow(step.name, target, kind, text)


def _named(step: Step, kind: str, number: str) -> tuple[str, str]:
    match step.body:
        case Ask() if kind == "choice" and step.body.choices:
            return kind, step.body.choices[int(number)].label.text
        case Ask() if kind == "skip" and step.body.skip is not None:
            return kind, step.body.skip.label.text
        case Switch() if kind == "case":
            return _case(step.body.cases[int(number)], number)
        case _:
            return kind, str(int(number) + 1) if number.isdigit() else ""


def _case(case: Case, number: str) -> tuple[str, str]:
    if case.words:
        return "words", "・".join(word.text for word in case.words)
    if case.when is None:
        return "else", ""
    names = [*(path.text for path in case.when.paths), *(tag.text for tag in case.when.tags)]
    return "case", "・".join(dict.fromkeys(names)) or str(int(number) + 1)


def _shown(state: str) -> str:
    return state.removeprefix(ROUND)
