"""The transitions of a flow under names that managers know: `menu --answer[カット]→ at`.

The machine also has ways that no run of this flow can take (a `passed` without an `only_if`), or
that are the language's and not the flow's (coming back after an interruption, the built-in 30
days). They are left out here: what is counted is what stands in the file.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flows.language.compiler import Compiled, Edge
from flows.language.condition_text import condition_text
from flows.language.grammar.shapes import Ask, Case, Faq, If, Loop, Step, Switch
from flows.language.real_edges import is_possible
from flows.language.run import AGAIN, END

ANYWHERE = "*"
OVER = "(終わり)"
_WHEREVER = frozenset({"cancel", "stop"})
_GUARDS = {"passed": "only_if", "too_often": "max_visits", "gave_up": "give_up", "none": "その他"}
Key = tuple[str, str, str]  # state, trigger, way


@dataclass(frozen=True, slots=True)
class Transition:
    """One way on. key: as the engine notes it. guard: what people call it, if it needs a name."""

    key: Key
    guard: str
    next: str

    def __str__(self) -> str:
        state, trigger, _ = self.key
        guard = f"[{self.guard}]" if self.guard else ""
        return f"{shown(state)} --{trigger}{guard}→ {shown(self.next)}"


def transitions_of(compiled: Compiled) -> tuple[Transition, ...]:
    """Every transition of the file, in the order of its steps; what holds everywhere, last."""
    found: dict[Key, Transition] = {}
    order = {name: number for number, name in enumerate(compiled.steps)}
    for edge in (*compiled.edges, *_reminders(compiled)):
        if is_possible(compiled, edge):
            transition = _named(compiled, edge)
            found.setdefault(transition.key, transition)
    return tuple(sorted(found.values(), key=lambda t: order.get(shown(t.key[0]), len(order))))


def key_of(state: str, trigger: str, way: str) -> Key:
    """The transition that a move took: cancel words and `stop_when` are one each for all steps."""
    if trigger in _WHEREVER:
        return (ANYWHERE, trigger, "")
    return (state, trigger, way)


def shown(state: str) -> str:
    """A state as it is written: the step's name, or the end."""
    return OVER if state == END else state.removeprefix(AGAIN)


def _named(compiled: Compiled, edge: Edge) -> Transition:
    state, trigger, way, dest = edge
    key = key_of(state, trigger, way)
    if key[0] == ANYWHERE:
        return Transition(key, "", dest)
    step = compiled.steps[state.removeprefix(AGAIN)]
    return Transition(key, _guard(step, state, way), dest)


def _guard(step: Step, state: str, way: str) -> str:
    kind, _, number = way.partition(":")
    if isinstance(step.body, Ask):
        return _answer_text(step.body, way)
    if isinstance(step.body, Loop) and (kind in {"round", "over"} or step.only_if is None):
        return _round(way, is_again=state.startswith(AGAIN))
    match step.body:
        case Switch() if kind == "case":
            return _case_text(step.body.cases[int(number)])
        case If() if kind == "then":
            return condition_text(step.body.when.condition)
        case _:
            return _plain(way)


def _answer_text(ask: Ask, way: str) -> str:
    kind, _, number = way.partition(":")
    if kind == "choice":
        return ask.choices[int(number)].label.text
    if way == "skip" and ask.skip is not None:
        return ask.skip.label.text
    if way == "accepted":
        return "any_answer" if ask.any_answer is not None else ""
    return _plain(way)


def _plain(way: str) -> str:
    """Numbers of draws and reminders count from 1."""
    number = way.rpartition(":")[2]
    if number.isdigit():
        return str(int(number) + 1)
    return _GUARDS.get(way, way)


def _case_text(case: Case) -> str:
    if case.when is not None:
        return condition_text(case.when.condition)
    return "・".join(word.text for word in case.words) or "else"


def _round(way: str, *, is_again: bool) -> str:
    if way == "round":
        return "次の回" if is_again else "最初の回"
    return "最後の回のあと" if is_again else "空のとき"


def _reminders(compiled: Compiled) -> Iterator[Edge]:
    for step in compiled.flow.steps:
        if isinstance(step.body, Ask | Faq):
            patience = step.body.patience
            own = patience.reminds if patience.has_own_remind else compiled.flow.defaults.reminds
            for number in range(len(own)):
                yield (step.name, "remind", f"{number}", step.name)
