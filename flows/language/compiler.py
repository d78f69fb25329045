"""A flow as one plain `transitions` machine, shared by all of its runs.

The machine says where each way out of each step leads; it is never given a model, a move is made
on a small cursor. Every step is a state; the only stable ones are those that wait. A transition's
name is `state --trigger[way]→ state`, the same that coverage speaks of.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never

from transitions import EventData, Machine

from flows.language.grammar.parts import Patience, Remind, Timeout, WayOut
from flows.language.grammar.shapes import (
    Ask,
    Call,
    End,
    Faq,
    Flow,
    Goto,
    Handoff,
    If,
    Loop,
    Nothing,
    Random,
    Say,
    Start,
    Step,
    Switch,
    Wait,
    WaitFor,
)
from flows.language.run import AGAIN, END

Edge = tuple[str, str, str, str]  # state, trigger, way, next state


@dataclass(frozen=True, slots=True)
class Compiled:
    """A flow, its machine, and its steps by name."""

    flow: Flow
    hash: str
    steps: Mapping[str, Step]
    machine: Machine
    edges: tuple[Edge, ...]
    moves: dict[tuple[str, str, str], str | None] = field(default_factory=dict, compare=False)

    @property
    def first(self) -> str:
        """The first step of the script."""
        return self.flow.steps[0].name

    def move(self, state: str, trigger: str, way: str) -> str | None:
        """The next state; None when the state does not accept that.

        The machine is asked once for each move: what it answers never changes.
        """
        asked = (state, trigger, way)
        if asked not in self.moves:
            self.moves[asked] = self._ask(state, trigger, way)
        return self.moves[asked]

    def _ask(self, state: str, trigger: str, way: str) -> str | None:
        event = self.machine.events.get(trigger)
        cursor = _Cursor(state, way)
        if event is None or not event.transitions.get(state):
            return None
        return cursor.state if event.trigger(cursor) else None


@dataclass(slots=True)
class _Cursor:
    state: str
    way: str


def compile_flow(flow: Flow, hash_: str) -> Compiled:
    """Build the machine. Every `goto` must name a step (the checker's F020 saw to that)."""
    names, edges = [step.name for step in flow.steps], edges_of(flow)
    rounds = [AGAIN + step.name for step in flow.steps if isinstance(step.body, Loop)]
    states = [*names, *rounds, END]
    unknown = {edge[3] for edge in edges} - set(states)
    if unknown:  # the machine accepts a misspelt target in silence
        raise ValueError(f"unknown steps: {sorted(unknown)}")
    machine = Machine(
        model=None,
        states=states,
        transitions=[_transition(edge) for edge in edges],
        initial=names[0],
        auto_transitions=False,
        send_event=True,
        queued=False,
    )
    return Compiled(flow, hash_, {step.name: step for step in flow.steps}, machine, edges)


def edges_of(flow: Flow) -> tuple[Edge, ...]:
    """Every way from step to step, in the order of the file."""
    following = _following(flow.steps)
    found = (edge for step in flow.steps for edge in _edges(step, following[step.name], flow))
    return tuple(dict.fromkeys(found))


def _following(steps: Sequence[Step]) -> dict[str, str]:
    """The next step of the same level; after the last of a body comes the next round."""
    after: dict[str, str] = {}
    latest: dict[tuple[str, ...], str] = {}
    for step in steps:
        if step.within in latest:
            after[latest[step.within]] = step.name
        latest[step.within] = step.name
        after[step.name] = AGAIN + step.within[-1] if step.within else END
    return after


def _transition(edge: Edge) -> dict[str, Any]:
    source, trigger, way, dest = edge

    def is_this_way(event: EventData) -> bool:
        cursor: Any = event.model
        return bool(cursor.way == way)

    return {"trigger": trigger, "source": source, "dest": dest, "conditions": [is_this_way]}


def _edges(step: Step, following: str, flow: Flow) -> Iterator[Edge]:
    name, onward = step.name, step.goto.text if step.goto else following
    yield (name, "next", "passed", following)
    if step.max_visits is not None:
        yield (name, "next", "too_often", step.max_visits.goto.text)
    match step.body:
        case Ask() | Faq() | Handoff() | Wait() | WaitFor():
            yield from _waiting_edges(step, onward, flow)
        case Switch() | If() | Random() | Call():
            yield from _branching_edges(step, onward)
            yield from _leaving_edges(step, flow)
        case Loop():
            yield from _round_edges(step, onward, flow)
        case End():
            yield (name, "next", "", END)
        case Say() | Nothing() | Goto() | Start():
            yield (name, "next", "", onward)
        case _:
            assert_never(step.body)


def _branching_edges(step: Step, onward: str) -> Iterator[Edge]:
    name, body = step.name, step.body
    if isinstance(body, Switch):
        for number, case in enumerate(body.cases):
            yield from _way(name, "next", f"case:{number}", case.way, onward)
        yield (name, "next", "none", onward)
    elif isinstance(body, If):
        yield from _way(name, "next", "then", body.then, onward)
        yield from _way(name, "next", "else", body.otherwise, onward)
    elif isinstance(body, Random):
        for number, draw in enumerate(body.draws):
            yield from _way(name, "next", f"draw:{number}", draw.way, onward)
    else:
        yield (name, "child_done", "", onward)


def _round_edges(step: Step, onward: str, flow: Flow) -> Iterator[Edge]:
    body = (inner.name for inner in flow.steps if inner.within[-1:] == (step.name,))
    first = next(body, AGAIN + step.name)  # nothing of a body that cannot be read
    yield (step.name, "next", "round", first)
    yield (AGAIN + step.name, "next", "round", first)
    yield (AGAIN + step.name, "next", "over", onward)


def _passing_edges(step: Step, body: Wait | WaitFor, onward: str) -> Iterator[Edge]:
    if isinstance(body, Wait):
        yield (step.name, "wake", "", onward)
        yield from _way(step.name, "next", "late", body.late, onward)
    else:
        yield (step.name, "matched", "", onward)
        yield from _timed_edges(step, body.timeout, is_question=False)


def _waiting_edges(step: Step, onward: str, flow: Flow) -> Iterator[Edge]:
    body = step.body
    if isinstance(body, Ask):
        yield from _ask_edges(step, body, onward)
        yield from _timed_edges(step, timeout_of(body.patience, flow), is_question=True)
    elif isinstance(body, Faq):
        yield from _faq_edges(step, body, onward)
        yield from _timed_edges(step, timeout_of(body.patience, flow), is_question=True)
    elif isinstance(body, Handoff):
        yield from _handoff_edges(step, body, onward, flow)
        yield from _timed_edges(step, body.timeout, is_question=False)
    elif isinstance(body, Wait | WaitFor):
        yield from _passing_edges(step, body, onward)
    yield (step.name, "resume", "", step.name)
    yield from _leaving_edges(step, flow)


def _way(
    name: str,
    trigger: str,
    way: str,
    out: WayOut | None,
    onward: str,
    outer: WayOut | None = None,
) -> Iterator[Edge]:
    """A way out; with a call in it, or in the outer one, the state stays till the child is done."""
    dest = out.goto.text if out is not None and out.goto is not None else onward
    if any(each is not None and each.call is not None for each in (out, outer)):
        yield (name, trigger, way, name)
        yield (name, "child_done", way, dest)
    else:
        yield (name, trigger, way, dest)


def _ask_edges(step: Step, ask: Ask, onward: str) -> Iterator[Edge]:
    name = step.name
    outer = ask.any_answer.goto.text if ask.any_answer and ask.any_answer.goto else onward
    for number, choice in enumerate(ask.choices or ()):
        yield from _way(name, "answer", f"choice:{number}", choice.way, outer, ask.any_answer)
    yield from _way(name, "answer", "accepted", ask.any_answer, onward)
    if ask.other is not None:
        yield from _way(name, "answer", "other", ask.other, onward)
    skip_way = ask.skip.way if ask.skip is not None else None
    after_skip = skip_way.goto.text if skip_way is not None and skip_way.goto else onward
    if ask.skip is not None:
        yield from _way(name, "answer", "skip", skip_way, onward)
    if ask.give_up is not None:
        if ask.give_up.handoff is not None:
            yield (name, "answer", "gave_up", name)
            yield (name, "done", "gave_up", after_skip)
        else:
            yield from _way(name, "answer", "gave_up", ask.give_up.way, after_skip)
    yield (name, "answer", "wrong", name)


def _faq_edges(step: Step, faq: Faq, onward: str) -> Iterator[Edge]:
    name = step.name
    for trigger in ("next", "answer"):
        yield from _way(name, trigger, "answered", faq.answered, onward)
        if faq.unknown_queue is not None:
            yield (name, trigger, "unknown", name)
        else:
            yield from _way(name, trigger, "unknown", faq.unknown, onward)
    if faq.unknown_queue is not None:
        dest = faq.unknown.goto.text if faq.unknown and faq.unknown.goto else onward
        yield (name, "done", "unknown", dest)
    if faq.unsure is not None:
        yield from _way(name, "next", "unsure", faq.unsure, onward)
    yield (name, "answer", "again", name)


def _handoff_edges(step: Step, handoff: Handoff, onward: str, flow: Flow) -> Iterator[Edge]:
    name = step.name
    if handoff.back == "continue":
        yield from _way(name, "done", "", handoff.done, onward)
    else:
        yield (name, "done", "", flow.steps[0].name if handoff.back == "restart" else END)


def _timed_edges(step: Step, timeout: Timeout | None, *, is_question: bool) -> Iterator[Edge]:
    if timeout is not None:
        onward = step.name if timeout.stays else END
        yield from _way(step.name, "timeout", "", timeout.way, onward)
    elif is_question:
        yield (step.name, "timeout", "", END)


def _leaving_edges(step: Step, flow: Flow) -> Iterator[Edge]:
    yield (step.name, "stop", "", END)
    if flow.cancel_words:
        goto = flow.on_cancel.goto if flow.on_cancel is not None else None
        yield (step.name, "cancel", "", goto.text if goto is not None else END)


def reminds_of(step: Step, flow: Flow) -> tuple[Remind, ...]:
    """The reminders of a question, else the flow's; of other steps there are none."""
    if not isinstance(step.body, Ask | Faq):
        return ()
    patience = step.body.patience
    return patience.reminds if patience.has_own_remind else flow.defaults.reminds


def timeout_of(patience: Patience, flow: Flow) -> Timeout | None:
    """The step's own time-out, else the flow's default."""
    return patience.timeout if patience.has_own_timeout else flow.defaults.timeout
