"""Questions that never end, or that nobody can leave."""

from flows.language.compiler import timeout_of
from flows.language.grammar.shapes import Ask, Faq, Flow, Handoff, Step
from flows.language.problems import Place, Problems

MANY_QUESTIONS = 10


def check_flow(flow: Flow, problems: Problems) -> None:
    """W201, W202, W208, I301, I302."""
    _late_reminds(flow, problems)
    for step in flow.steps:
        if isinstance(step.body, Ask):
            _ask(flow, step, step.body, problems)
        elif (isinstance(step.body, Faq) and timeout_of(step.body.patience, flow) is None) or (
            isinstance(step.body, Handoff) and step.body.timeout is None
        ):
            _no_timeout(step, problems)
    asks = [step for step in flow.steps if isinstance(step.body, Ask)]
    if len(asks) > MANY_QUESTIONS:
        problems.add(
            "I302",
            asks[MANY_QUESTIONS].place,
            "many_questions",
            count=len(asks),
        )


def _ask(flow: Flow, step: Step, ask: Ask, problems: Problems) -> None:
    timeout = timeout_of(ask.patience, flow)
    if timeout is None:
        _no_timeout(step, problems)
    can_leave = ask.other or ask.any_answer or ask.give_up or ask.skip
    is_strict = ask.check is not None or ask.bounds.pattern is not None
    if not can_leave and is_strict and ask.type == "text":
        problems.add(
            "W202",
            step.place,
            "no_way_out",
        )
    elif not can_leave and not ask.choices and ask.type != "text":
        problems.add(
            "I301",
            step.place,
            "asked_again",
        )


def _late_reminds(flow: Flow, problems: Problems) -> None:
    """W208, once for each reminder, however many questions have it."""
    told: set[Place] = set()
    for step in flow.steps:
        if not isinstance(step.body, Ask | Faq):
            continue
        timeout, own = timeout_of(step.body.patience, flow), step.body.patience
        for remind in own.reminds if own.has_own_remind else flow.defaults.reminds:
            is_late = timeout is not None and remind.after >= timeout.after
            if is_late and remind.place not in told:
                told.add(remind.place)
                problems.add(
                    "W208",
                    remind.place,
                    "late_remind",
                )


def _no_timeout(step: Step, problems: Problems) -> None:
    problems.add(
        "W201",
        step.place,
        "no_answer_planned",
    )
