"""One run, walked from one wait to the next (a macrostep). Pure: what it decides are effects.

The machine says where a way leads; here is done what stands on the way, in the language's order:
effects, texts, then a call, then the next step.
"""

from flows.language.conditions import holds
from flows.language.deeds import do_effects, do_way, end_run, say
from flows.language.grammar.parts import WayOut
from flows.language.grammar.shapes import Call, End, If, Loop, Random, Say, Start, Step, Switch
from flows.language.normalise import normalise
from flows.language.rounds import begin_rounds, draw, next_round, values_of
from flows.language.run import AGAIN, END, STOPPED, Frame
from flows.language.sayings.saying import saying
from flows.language.turning import CannotGoOn, Walk

TOO_MANY_STEPS = "too_many_steps"  # of the catalogue: the only trouble that is a loop
MAX_STEPS_PER_TURN = 100
MAX_DEPTH = 5


def begin(walk: Walk) -> None:
    """Enter the first step."""
    go(walk, walk.compiled.first)


def go(walk: Walk, state: str) -> None:
    """Walk on from a step until the run must wait, or is over."""
    current: str | None = state
    while current is not None:
        if current == END:
            current = _leave_frame(walk)
            continue
        if current.startswith(AGAIN):
            around = next_round(walk, current.removeprefix(AGAIN))
            walk.took("next", around, state=current)
            current = walk.compiled.move(current, "next", around)
            continue
        _count_step(walk)
        walk.run.timers, walk.run.held, walk.run.held_at = (), "", None
        walk.frame.state, walk.frame.phase, walk.frame.after = current, "", ""
        way = _enter(walk)
        current = _next_after(walk, way)


def follow(
    walk: Walk, trigger: str, way: str, out: WayOut | None, answer: str | None = None
) -> None:
    """Leave a wait by a way: its effects and texts, then its call or where it leads."""
    if out is not None:
        do_way(walk, out, answer)
        if out.call is not None:
            walk.took(trigger, way)
            push(walk, out.call.text, way)
            go(walk, _first_of_child(walk))
            return
    go(walk, move(walk, trigger, way))


def move(walk: Walk, trigger: str, way: str) -> str:
    """Where a way leads. One that the machine lacks is our mistake, which nobody waits for."""
    next_state = walk.compiled.move(walk.frame.state, trigger, way)
    if next_state is None:
        at = f"{walk.frame.flow}.{walk.frame.state}"
        raise CannotGoOn(saying("no_way_on", at=at, way=f"{trigger} {way}"))
    walk.took(trigger, way)
    return next_state


def branch(walk: Walk, way: str, out: WayOut | None) -> str | None:
    """A way out on the spot; None when it has gone into a child."""
    if out is not None:
        do_way(walk, out)
        if out.call is not None:
            walk.took("next", way)
            push(walk, out.call.text, way)
            return None
    return way


def stops(walk: Walk) -> bool:
    """Whether the innermost flow is to stop now."""
    stop_when = walk.compiled.flow.stop_when
    return stop_when is not None and holds(stop_when.condition, walk.view())


def push(walk: Walk, flow_id: str, way: str) -> None:
    """Put a called flow on top; it is pinned to the version that is the head now."""
    head = walk.turning.book.head(flow_id)
    if head is None or len(walk.run.frames) >= MAX_DEPTH:
        raise CannotGoOn(saying("no_call_here", flow=flow_id))
    walk.came()
    walk.frame.phase, walk.frame.after = "child", way
    walk.run.frames.append(Frame(flow_id, head.hash))


def _enter(walk: Walk) -> str | None:
    """Do a step's entry; the way on, or None when the run rests or has gone into a child."""
    step, frame = walk.step, walk.frame
    if step.only_if is not None and not holds(step.only_if.condition, walk.view()):
        return "passed"
    if isinstance(step.body, Loop) and not values_of(walk, step.body):
        return "passed"
    frame.visits[step.name] = frame.visits.get(step.name, 0) + 1
    if step.max_visits is not None and frame.visits[step.name] > step.max_visits.times:
        return "too_often"
    do_effects(walk, step.effects)
    return _do(walk, step)


def _do(walk: Walk, step: Step) -> str | None:
    match step.body:
        case Switch() | If() | Random():
            return branch(walk, *_choose(walk, step.body))
        case Loop():
            return begin_rounds(walk, step.body)
        case Call():
            push(walk, step.body.flow.text, "")
            return None
        case Say():
            say(walk, step.body.bubbles)
        case End():
            walk.end_name = step.body.name.text
        case Start():
            walk.turning.starts.append(step.body.flow.text)
        case _:
            return walk.turning.enter_wait(walk, step)
    return ""


def _choose(walk: Walk, body: Switch | If | Random) -> tuple[str, WayOut | None]:
    match body:
        case Switch():
            return _case(walk, body)
        case Random():
            return draw(walk, body)
        case If():
            is_true = holds(body.when.condition, walk.view())
            return ("then", body.then) if is_true else ("else", body.otherwise)


def _case(walk: Walk, switch: Switch) -> tuple[str, WayOut | None]:
    view = walk.view()
    said = normalise(walk.run.message) if walk.run.message is not None else None
    for number, case in enumerate(switch.cases):
        if case.when is not None:
            is_it = holds(case.when.condition, view)
        elif case.words:
            is_it = said is not None and any(normalise(w.text) in said for w in case.words)
        else:
            is_it = True
        if is_it:
            return f"case:{number}", case.way
    return "none", None


def _next_after(walk: Walk, way: str | None) -> str | None:
    if way is not None:
        return move(walk, "next", way)
    is_new_child = not walk.frame.state and walk.run.status == "going"
    return _first_of_child(walk) if is_new_child else None


def _first_of_child(walk: Walk) -> str:
    """A called flow whose `stop_when` holds is over before it says anything."""
    if not stops(walk):
        return walk.compiled.first
    walk.end_name = STOPPED
    return END


def _leave_frame(walk: Walk) -> str | None:
    """The frame is over: the caller goes on, or the run is over."""
    end, walk.end_name = walk.end_name, "done"
    if len(walk.run.frames) == 1:
        end_run(walk, end)
        return None
    walk.over(len(walk.run.frames) - 1, end)
    walk.turning.left.append((walk.run.frames.pop(), end))
    frame = walk.frame
    frame.answers[frame.state] = end
    return move(walk, "child_done", frame.after)


def _count_step(walk: Walk) -> None:
    walk.turning.steps += 1
    if walk.turning.steps > MAX_STEPS_PER_TURN:
        flow_id = walk.frame.flow
        raise CannotGoOn(saying(TOO_MANY_STEPS, most=MAX_STEPS_PER_TURN, flow=flow_id))
