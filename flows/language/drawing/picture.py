"""What is drawn of a flow: its steps as nodes, its transitions as lines with a word on them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from flows.language.compiler import compile_flow
from flows.language.condition_text import condition_text
from flows.language.drawing.captions import caption, trigger_text
from flows.language.edges import ANYWHERE, Transition, shown, transitions_of
from flows.language.grammar.shapes import End, Flow, Step
from flows.language.run import END

START, CANCEL, STOP = "_start", "_cancel", "_stop"
Kind = Literal["start", "waits", "says", "chooses", "person", "elsewhere", "end", "aside"]
_KINDS: Mapping[str, Kind] = {
    "ask": "waits",
    "faq": "waits",
    "wait": "waits",
    "wait_for": "waits",
    "say": "says",
    "effects": "says",
    "goto": "says",
    "switch": "chooses",
    "if": "chooses",
    "random": "chooses",
    "repeat": "chooses",
    "handoff": "person",
    "call": "elsewhere",
    "start": "elsewhere",
    "end": "end",
}
_WORDS: Mapping[str, str] = {
    "timeout": "時間切れ",
    "child_done": "終わったら",
    "done": "対応のあと",
    "matched": "来たら",
    "wake": "時が来たら",
}
_GUARDS: Mapping[str, str] = {
    "only_if": "当てはまらない",
    "max_visits": "回数を超えた",
    "give_up": "答えられない",
    "other": "ほかの言葉",
    "any_answer": "どの答えでも",
    "else": "それ以外",
    "late": "過ぎていた",
    "answered": "見つかった",
    "unknown": "見つからない",
    "unsure": "はっきりしない",
}
_BRANCHES: Mapping[str, str] = {"then": "はい", "else": "いいえ"}
_MOST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Node:
    """One place. note: its id, for whoever looks for it in the file, and the line there."""

    id: str
    kind: Kind
    text: str
    note: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Arrow:
    """One way on; several with the same ends are one, with all their words."""

    source: str
    dest: str
    words: str = ""
    is_aside: bool = False  # a time-out, a cancel word: not what is hoped for


@dataclass(frozen=True, slots=True)
class Picture:
    """One flow."""

    flow: str
    title: str
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]


def picture_of(flow: Flow) -> Picture:
    """What is drawn of a flow whose every `goto` leads to a step."""
    transitions = transitions_of(compile_flow(flow, ""))
    arrows = tuple(_arrows(flow, transitions))
    reached = {arrow.dest for arrow in arrows} | {arrow.source for arrow in arrows}
    steps = [_node(step) for step in flow.steps]
    ends = [Node(END, "end", "終わり")] if END in reached else []
    asides = [node for node in _asides(flow) if node.id in reached]
    nodes = (Node(START, "start", _start_text(flow)), *steps, *asides, *ends)
    return Picture(flow.id.text, flow.title.text, nodes, arrows)


def _node(step: Step) -> Node:
    note = step.id.text if step.id is not None else ""
    return Node(step.name, _KINDS[step.verb], caption(step), note, step.place.line)


def _start_text(flow: Flow) -> str:
    texts = [trigger_text(trigger) for trigger in flow.triggers]
    return " / ".join(texts) or "呼ばれたとき"


def _asides(flow: Flow) -> Iterator[Node]:
    words = "」「".join(word.text for word in flow.cancel_words)
    yield Node(CANCEL, "aside", f"いつでも「{words}」")
    if flow.stop_when is not None:
        yield Node(STOP, "aside", f"いつでも {condition_text(flow.stop_when.condition)}")


def _arrows(flow: Flow, transitions: tuple[Transition, ...]) -> Iterator[Arrow]:
    """In the order of the file; those with the same ends together."""
    yield Arrow(START, flow.steps[0].name)
    ends = {step.name for step in flow.steps if isinstance(step.body, End)}
    merged: dict[tuple[str, str], list[Transition]] = {}
    for transition in transitions:
        source, dest = _source(transition), shown_id(transition.next)
        if source not in ends and source != dest:
            merged.setdefault((source, dest), []).append(transition)
    for (source, dest), together in merged.items():
        yield Arrow(source, dest, _words(together), all(_is_aside(t) for t in together))


def shown_id(state: str) -> str:
    """The node of a state: the rounds of a `repeat` are at its step."""
    return state if state == END else shown(state)


def _source(transition: Transition) -> str:
    state, trigger, _ = transition.key
    if state == ANYWHERE:
        return CANCEL if trigger == "cancel" else STOP
    return shown_id(state)


def _is_aside(transition: Transition) -> bool:
    state, trigger, way = transition.key
    return state == ANYWHERE or trigger == "timeout" or way in {"passed", "gave_up", "too_often"}


def _words(transitions: list[Transition]) -> str:
    words = list(dict.fromkeys(_word(transition) for transition in transitions))
    if "" in words:  # the plain way on needs no word, and would be hidden behind those of others
        return ""
    if len(words) <= _MOST_WORDS:
        return "・".join(words)
    return f"{'・'.join(words[:_MOST_WORDS])} ほか{len(words) - _MOST_WORDS}"


def _word(transition: Transition) -> str:
    state, trigger, way = transition.key
    if state == ANYWHERE:
        return ""
    if way in _BRANCHES:
        return _BRANCHES[way]
    if way.startswith(("choice", "skip")):  # the manager's own label
        return transition.guard
    return _GUARDS.get(transition.guard, transition.guard) or _WORDS.get(trigger, "")
