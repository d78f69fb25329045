"""Conditions that decide nothing: always true, never true, or behind a case that takes all."""

from collections.abc import Sequence

from flows.language.checks.domains import Domains
from flows.language.checks.possible import can_hold
from flows.language.conditions import Condition, Every, Not, Some
from flows.language.grammar.parts import When
from flows.language.grammar.shapes import Case, Flow, If, Switch
from flows.language.normalise import normalise
from flows.language.problems import Place, Problems


def check_flow(flow: Flow, domains: Domains, problems: Problems) -> None:
    """W206."""
    for when in (flow.only_if, flow.stop_when):
        if when is not None:
            check_condition(when, domains, problems)
    for step in flow.steps:
        if step.only_if is not None:
            check_condition(step.only_if, domains, problems)
        if isinstance(step.body, If):
            check_condition(step.body.when, domains, problems)
        elif isinstance(step.body, Switch):
            _conditions_of_cases(step.body.cases, domains, problems)
            _words_of_cases(step.body.cases, problems)


def check_condition(when: When, domains: Domains, problems: Problems) -> bool | None:
    """W206 of one condition; what it always comes to, None when it can be either."""
    if can_hold(when.condition, domains) is False:
        problems.add(
            "W206",
            when.place,
            "never_true",
        )
        return False
    if can_hold(Not(when.condition), domains) is False:
        problems.add(
            "W206",
            when.place,
            "always_true",
        )
        return True
    return None


def _conditions_of_cases(cases: Sequence[Case], domains: Domains, problems: Problems) -> None:
    earlier: list[Condition] = []
    for case in cases:
        if case.when is None:
            continue
        always = check_condition(case.when, domains, problems)
        if always:  # one cause, one problem: what comes after it is not named again
            return
        if always is None:
            if _is_shadowed(case.when.condition, earlier, domains):
                _note_shadow(case.when.place, problems)
            earlier.append(case.when.condition)


def _is_shadowed(condition: Condition, earlier: Sequence[Condition], domains: Domains) -> bool:
    left = can_hold(Every((condition, Not(Some(tuple(earlier))))), domains)
    if left is not None:
        return not left
    return any(can_hold(Every((condition, Not(one))), domains) is False for one in earlier)


def _words_of_cases(cases: Sequence[Case], problems: Problems) -> None:
    taken: list[str] = []
    for case in cases:
        words = [normalise(word.text) for word in case.words]
        if words and all(any(shorter in word for shorter in taken) for word in words):
            _note_shadow(case.words[0].place, problems)
        taken.extend(words)


def _note_shadow(place: Place, problems: Problems) -> None:
    problems.add(
        "W206",
        place,
        "shadowed",
    )
