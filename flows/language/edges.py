"""The transitions of a flow under names that managers know: `menu --answer[カット]→ at`.

The machine also has ways that no run of this flow can take (a `passed` without an `only_if`), or
that are the language's and not the flow's (coming back after an interruption, the built-in 30
days). They are left out here: what is counted is what stands in the file.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flows.language.compiler import Compiled, Edge, timeout_of
from flows.language.condition_text import condition_text
from flows.language.grammar.asks import yesno_choices
from flows.language.grammar.shapes import Ask, Case, Faq, Flow, If, Loop, Step, Switch, Wait
from flows.language.run import AGAIN, END

ANYWHERE = "*"
OVER = "(終わり)"
_WHEREVER = frozenset({"cancel", "stop"})
_GUARDS = {"passed": "only_if", "too_often": "max_visits", "gave_up": "give_up", "none": "その他"}
Key = tuple[str, str, str]  # state, trigger, way


@dataclass(frozen=True, slots=True)
class Transition:
    """One way on. key: as the engine notes it. guard: what people call it; empty for the only one."""

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
        if _is_possible(compiled, edge):
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
    return Transition(key, _guard(step, state, trigger, way), dest)


def _guard(step: Step, state: str, trigger: str, way: str) -> str:
    kind, _, number = way.partition(":")
    body = step.body
    match body:
        case Ask() if kind == "choice":
            return body.choices[int(number)].label.text
        case Ask() if kind == "skip" and body.skip is not None:
            return body.skip.label.text
        case Ask() if kind == "accepted":
            return "any_answer" if body.any_answer is not None else ""
        case Switch() if kind == "case":
            return _case_text(body.cases[int(number)])
        case If() if kind == "then":
            return condition_text(body.when.condition)
        case Loop():
            return _round(way, is_again=state.startswith(AGAIN))
        case _ if kind == "draw":
            return str(int(number) + 1)
        case _ if trigger == "remind":
            return str(int(way) + 1)
        case _:
            return _GUARDS.get(way, way)


def _case_text(case: Case) -> str:
    if case.when is not None:
        return condition_text(case.when.condition)
    return "・".join(word.text for word in case.words) or "else"


def _round(way: str, *, is_again: bool) -> str:
    if way == "round":
        return "次の回" if is_again else "最初の回"
    return "最後の回のあと" if is_again else "空"


def _reminders(compiled: Compiled) -> Iterator[Edge]:
    for step in compiled.flow.steps:
        if isinstance(step.body, Ask | Faq):
            patience = step.body.patience
            own = patience.reminds if patience.has_own_remind else compiled.flow.defaults.reminds
            for number in range(len(own)):
                yield (step.name, "remind", f"{number}", step.name)


def _is_possible(compiled: Compiled, edge: Edge) -> bool:
    state, trigger, way, _ = edge
    step = compiled.steps[state.removeprefix(AGAIN)]
    if way == "passed":
        return step.only_if is not None
    if trigger == "resume":
        return False
    if trigger == "stop":
        return compiled.flow.stop_when is not None
    match step.body:
        case Ask():
            return _is_possible_answer(step.body, compiled.flow, trigger, way)
        case Faq():
            if trigger == "timeout":
                return timeout_of(step.body.patience, compiled.flow) is not None
            return trigger != "answer" or step.body.unsure is None
        case Switch():
            return way != "none" or not _ends_with_else(step.body)
        case Wait():
            return way != "late" or step.body.length is None
        case Loop():
            always = step.body.source is None and not state.startswith(AGAIN)
            is_single = len(step.body.over) == 1 and state.startswith(AGAIN)
            return (way == "round" and not is_single) or (way == "over" and not always)
        case _:
            return True


def _is_possible_answer(ask: Ask, flow: Flow, trigger: str, way: str) -> bool:
    if trigger == "timeout":
        return timeout_of(ask.patience, flow) is not None
    if way == "accepted":
        return ask.any_answer is not None or _takes_more_than_choices(ask)
    if way.startswith("choice"):
        return ask.type != "multi"
    if way == "wrong":
        retry = ask.retry if ask.retry is not None else flow.default_retry
        return ask.give_up is None or retry != 0
    return True


def _takes_more_than_choices(ask: Ask) -> bool:
    """Whether an answer may be none of the labelled ones."""
    values = {choice.value for choice in yesno_choices(ask)}
    if ask.type == "yesno":
        return not ask.choices or not {"yes", "no"} <= values
    if ask.type == "number" and ask.bounds.is_integer and ask.bounds.range is not None:
        low, high = (int(bound) for bound in ask.bounds.range)
        return high - low >= len(values) or not {str(n) for n in range(low, high + 1)} <= values
    return ask.type == "multi" or not ask.choices or ask.type not in {"choice", "text"}


def _ends_with_else(switch: Switch) -> bool:
    last = switch.cases[-1] if switch.cases else None
    return last is not None and last.when is None and not last.words
