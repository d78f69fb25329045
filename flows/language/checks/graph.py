"""Where the script leads: nobody may fall off the end, be lost, or go round for ever."""

from collections.abc import Iterable, Mapping, Sequence

from flows.language.compiler import Edge, compile_flow
from flows.language.grammar.shapes import Ask, Call, End, Faq, Flow, Handoff, If, Step, Switch
from flows.language.problems import Problems
from flows.language.run import END

RESTING = (Ask, Faq, Handoff, Call)


def check_flow(flow: Flow, problems: Problems) -> None:
    """F030, F031, F032, F040. Only of flows whose names are all known."""
    if not flow.steps:
        return
    edges = compile_flow(flow, "").edges
    after: dict[str, set[str]] = {}
    for source, trigger, way, dest in edges:
        if trigger in {"resume", "stop"} or _is_impossible(flow, source, trigger, way):
            continue
        after.setdefault(source, set()).add(dest)
    if _falls_off(flow.steps[-1]):
        problems.add(
            "F030",
            flow.steps[-1].place,
            "最後の手順のあとに何もありません。",
            "最後に「- end: done」を加えてください。",
        )
        return
    _unreachable(flow, after, problems)
    _endless(flow, after, problems)
    _loops(flow, edges, problems)


def _falls_off(last: Step) -> bool:
    if last.only_if is not None:
        return True
    if isinstance(last.body, End) or last.goto is not None:
        return False
    match last.body:
        case Switch():
            cases = last.body.cases
            has_else = bool(cases) and cases[-1].when is None and not cases[-1].words
            return not has_else or any(case.way.goto is None for case in cases)
        case If():
            both = (last.body.then, last.body.otherwise)
            return any(way is None or way.goto is None for way in both)
        case Handoff():
            is_over = last.body.back != "continue"
            return not is_over and (last.body.done is None or last.body.done.goto is None)
        case Ask():
            ways = [choice.way for choice in last.body.choices]
            outer = last.body.any_answer
            is_led = outer is not None and outer.goto is not None
            return not is_led and (not ways or any(way.goto is None for way in ways))
        case _:
            return True


def _is_impossible(flow: Flow, source: str, trigger: str, way: str) -> bool:
    """`only_if` that is not there is never passed over; a switch with `else` always matches."""
    step = next(s for s in flow.steps if s.name == source)
    if trigger != "next":
        return False
    if way == "passed":
        return step.only_if is None
    if way == "none" and isinstance(step.body, Switch) and step.body.cases:
        last = step.body.cases[-1]
        return last.when is None and not last.words
    return False


def _unreachable(flow: Flow, after: Mapping[str, set[str]], problems: Problems) -> None:
    reached = _reach([flow.steps[0].name], after)
    previous_was_lost = False
    for step in flow.steps:
        is_lost = step.name not in reached
        if is_lost and not previous_was_lost:
            problems.add(
                "F031",
                step.place,
                "この手順には誰もたどり着きません。",
                "goto でつなぐか、消してください。",
            )
        previous_was_lost = is_lost


def _endless(flow: Flow, after: Mapping[str, set[str]], problems: Problems) -> None:
    before: dict[str, set[str]] = {}
    for source, dests in after.items():
        for dest in dests:
            before.setdefault(dest, set()).add(source)
    ending = _reach([END], before)
    for step in flow.steps:
        if step.name not in ending:
            problems.add(
                "F032",
                step.place,
                "ここからは終わりにたどり着けません。",
                "どこかに「end: done」への道を作ってください。",
            )
            return


def _loops(flow: Flow, edges: Sequence[Edge], problems: Problems) -> None:
    steps = {step.name: step for step in flow.steps}
    calling = {(source, way) for source, trigger, way, _ in edges if trigger == "child_done"}
    after: dict[str, set[str]] = {}
    for source, trigger, way, dest in edges:
        if (source, way) in calling:  # a called flow waits, or ends by itself
            continue
        rests = isinstance(steps[source].body, RESTING) and way not in {"passed", "too_often"}
        if trigger == "next" and not rests and not _is_impossible(flow, source, trigger, way):
            after.setdefault(source, set()).add(dest)
    for step in flow.steps:
        if step.name in _reach(after.get(step.name, set()), after):
            names = f"{step.name} → … → {step.name}"
            problems.add(
                "F040",
                step.place,
                f"入力待ちのない無限ループです: {names}",
                "途中に質問(ask)か end を入れてください。",
            )
            return


def _reach(start: Iterable[str], after: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(start)
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting.extend(after.get(name, ()))
    return seen
