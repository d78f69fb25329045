"""What decides between ways: the tags, fields, answers and vars that a folder's conditions name.

Two talks that agree in these, and stand at the same steps, go on alike; only one of them needs to
be walked further.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flows.language.checks.walk_flow import all_conditions, all_effects, all_ways
from flows.language.conditions import (
    Comparison,
    Condition,
    Every,
    HasTag,
    Hours,
    InSegment,
    Missing,
    Not,
    Some,
    ValueIs,
    passes,
)
from flows.language.grammar.shapes import Body, Call, Flow, Loop, Wait, WaitFor
from flows.language.loader import Folder
from flows.language.words import Value


@dataclass(frozen=True, slots=True)
class Telling:
    """Names that conditions look at.

    tests: by path (`field.X`, `answer.X`, `var.X`). counted: flow and step, with `max_visits`.
    texts: by flow, what a friend may type that the flow tells apart. added: paths that count.
    awaited: fields that a `wait` counts from.
    """

    tags: frozenset[str] = frozenset()
    tests: Mapping[str, tuple[Comparison, ...]] = field(default_factory=dict)
    asks_hours: bool = False
    counted: frozenset[tuple[str, str]] = frozenset()
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    added: frozenset[str] = frozenset()
    awaited: frozenset[str] = frozenset()

    def names(self, kind: str) -> tuple[str, ...]:
        """The names at `field`, `answer` or `var`, in order."""
        paths = (path.partition(".") for path in sorted(self.tests))
        return tuple(name for of, _, name in paths if of == kind)

    def sign(self, path: str, value: Value | Missing, now: datetime) -> Hashable:
        """What the conditions see of a value: which tests it passes. Of a counter, all of it."""
        tests = self.tests.get(path, ())
        if path in self.added or not tests:
            return str(value)
        return tuple(passes(test, value, now) for test in tests)


def telling_of(folder: Folder, chosen: Sequence[Flow]) -> Telling:
    """What tells talks of these flows apart."""
    parts = [
        part
        for flow in chosen
        for when in all_conditions(flow)
        for part in _parts(when.condition, folder)
    ]
    return Telling(
        tags=frozenset(tag for part in parts if isinstance(part, HasTag) for tag in part.tags),
        tests=_tests_of(chosen, parts),
        asks_hours=any(isinstance(part, Hours) for part in parts) or _awaits_hours(chosen),
        added=frozenset(
            adding.path.text for flow in chosen for done in all_effects(flow) for adding in done.add
        ),
        awaited=frozenset(
            step.body.until.text
            for flow in chosen
            for step in flow.steps
            if isinstance(step.body, Wait) and step.body.until is not None
        ),
        counted=frozenset(
            (flow.id.text, step.name)
            for flow in chosen
            for step in flow.steps
            if step.max_visits is not None
        ),
    )


def _tests_of(
    chosen: Sequence[Flow], parts: Sequence[Condition]
) -> dict[str, tuple[Comparison, ...]]:
    """What is asked of each value, by its path; nothing of one that a step only reads."""
    tests: dict[str, list[Comparison]] = {}
    for part in parts:
        if isinstance(part, ValueIs):
            tests.setdefault(part.path, []).extend(part.tests)
    for flow in chosen:
        for step in flow.steps:
            path = _source(step.body)
            if path is not None:
                tests.setdefault(path, [])
    return {path: tuple(dict.fromkeys(found)) for path, found in tests.items()}


def with_called(folder: Folder, flow: Flow) -> list[Flow]:
    """A flow, and the flows that it calls, once each."""
    found: dict[str, Flow] = {}
    waiting = [flow]
    while waiting:
        one = waiting.pop()
        if one.id.text not in found:
            found[one.id.text] = one
            called = {way.call.text for way in all_ways(one) if way.call is not None}
            called |= {step.body.flow.text for step in one.steps if isinstance(step.body, Call)}
            waiting += [folder.flows[id_] for id_ in sorted(called) if id_ in folder.flows]
    return list(found.values())


def _awaits_hours(chosen: Sequence[Flow]) -> bool:
    steps = (step.body for flow in chosen for step in flow.steps)
    awaited = (body.trigger for body in steps if isinstance(body, WaitFor))
    triggers = (trigger for flow in chosen for trigger in flow.triggers)
    return any(trigger.kind == "off_hours" for trigger in (*awaited, *triggers))


def _source(body: Body) -> str | None:
    """What a step counts through or from, beside the conditions."""
    source = body.source if isinstance(body, Loop) else None
    source = body.until if isinstance(body, Wait) else source
    return source.text if source is not None else None


def _parts(condition: Condition, folder: Folder) -> Iterator[Condition]:
    yield condition
    match condition:
        case Every() | Some():
            for inner in condition.conditions:
                yield from _parts(inner, folder)
        case Not():
            yield from _parts(condition.condition, folder)
        case InSegment():
            for name in condition.segments:
                if name in folder.segments:
                    yield from _parts(folder.segments[name].when.condition, folder)
        case _:
            pass
