"""Which of the machine's ways a run of this flow can take at all.

The machine has them all, so that it is made by one rule; the rest are the language's (coming back
after an interruption, the built-in 30 days), or need what the file does not have.
"""

from flows.language.compiler import Compiled, Edge, timeout_of
from flows.language.grammar.asks import yesno_choices
from flows.language.grammar.shapes import Ask, Faq, Flow, Loop, Step, Switch, Wait
from flows.language.run import AGAIN


def is_possible(compiled: Compiled, edge: Edge) -> bool:
    """Whether this way stands in the file."""
    state, trigger, way, _ = edge
    step = compiled.steps[state.removeprefix(AGAIN)]
    if way == "passed":
        return step.only_if is not None or _may_be_empty(step)
    if trigger == "resume":
        return False
    if trigger == "stop":
        return compiled.flow.stop_when is not None
    if isinstance(step.body, Ask):
        return _is_answer(step.body, compiled.flow, trigger, way)
    return _is_way(step, compiled.flow, edge)


def _is_way(step: Step, flow: Flow, edge: Edge) -> bool:
    _, trigger, way, _ = edge
    match step.body:
        case Faq() if trigger == "timeout":
            has_timeout = timeout_of(step.body.patience, flow) is not None
            return has_timeout and step.body.unsure is None
        case Faq():
            return trigger != "answer" or step.body.unsure is None
        case Switch():
            return way != "none" or not _ends_with_else(step.body)
        case Wait():
            return way != "late" or step.body.length is None
        case Loop():
            is_single = len(step.body.over) == 1 and edge[0].startswith(AGAIN)
            return way != "round" or not is_single
        case _:
            return True


def _is_answer(ask: Ask, flow: Flow, trigger: str, way: str) -> bool:
    kind, _, number = way.partition(":")
    match kind:
        case _ if trigger == "timeout":
            return timeout_of(ask.patience, flow) is not None
        case "accepted":
            return ask.any_answer is not None or _takes_more_than_choices(ask)
        case "choice":
            called = ask.any_answer.call if ask.any_answer is not None else None
            own = ask.choices[int(number)].way.call
            return ask.type != "multi" and (called is None or own is not None)
        case "wrong":
            retry = ask.retry if ask.retry is not None else flow.default_retry
            return ask.give_up is None or retry != 0
        case _:
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


def _may_be_empty(step: Step) -> bool:
    """A `repeat` over an answer: nothing to go through is passed over."""
    return isinstance(step.body, Loop) and step.body.source is not None
