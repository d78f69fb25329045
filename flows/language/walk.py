"""One run, walked from one wait to the next (a macrostep). Pure: what it decides are effects.

The machine says where a way leads; here is done what stands on the way, in the language's order:
effects, texts, then a call, then the next step.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from flows.language.book import Book
from flows.language.compiler import Compiled
from flows.language.conditions import Missing, holds
from flows.language.grammar.parts import Effects, WayOut, Words
from flows.language.grammar.shapes import Call, End, If, Say, Step, Switch
from flows.language.normalise import normalise
from flows.language.run import END, Frame, Run
from flows.language.templates import show
from flows.language.words import (
    AskPerson,
    Bubble,
    Context,
    Effect,
    Notify,
    PutTag,
    Reason,
    SetField,
    ShowTrouble,
    TakeTag,
    Value,
)
from flows.language.words import Say as SayEffect
from flows.language.world import Customer, View

MAX_STEPS_PER_TURN = 100
MAX_DEPTH = 5
MOMENT = "%Y-%m-%dT%H:%M"


@dataclass(slots=True)
class Turning:
    """What one turn of one friend has decided so far.

    enter_wait: what comes to rest on a waiting step; it answers a way on when it need not.
    """

    book: Book
    context: Context
    customer: Customer
    people: str
    enter_wait: Callable[["Walk", Step], str | None]
    effects: list[Effect] = field(default_factory=list)
    steps: int = 0


class StepLimit(Exception):
    """A turn took more steps than a turn may."""


@dataclass(slots=True)
class Walk:
    """One run within a turn."""

    turning: Turning
    run: Run
    end_name: str = "done"

    @property
    def frame(self) -> Frame:
        """The innermost frame."""
        return self.run.top

    @property
    def compiled(self) -> Compiled:
        """The flow version of the innermost frame."""
        return self.turning.book.version(self.frame.hash)

    @property
    def step(self) -> Step:
        """Where the innermost frame stands."""
        return self.compiled.steps[self.frame.state]

    def view(self) -> View:
        """What the innermost frame can see."""
        turning = self.turning
        return View(
            turning.book, turning.context, turning.customer, self.run, self.frame, self.compiled
        )

    @property
    def now(self) -> datetime:
        """The turn's moment."""
        return self.turning.context.now


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
        _count_step(walk)
        walk.run.timers = ()
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
            push(walk, out.call.text, way)
            go(walk, walk.compiled.first)
            return
    next_state = walk.compiled.move(walk.frame.state, trigger, way)
    if next_state is not None:
        go(walk, next_state)


def do_way(walk: Walk, out: WayOut, answer: str | None = None) -> None:
    """The effects and texts of a way out."""
    do_effects(walk, out.effects, answer)
    say(walk, out.say)


def do_effects(walk: Walk, effects: Effects, answer: str | None = None) -> None:
    """tag, untag, set, notify: always in this order."""
    turning, run_id = walk.turning, walk.run.id
    reason = Reason(walk.frame.flow, walk.frame.hash, walk.frame.state, answer)
    for tag in effects.tag:
        turning.customer.tags.add(tag.text)
        turning.effects.append(PutTag(tag.text, reason, run_id))
    for tag in effects.untag:
        turning.customer.tags.discard(tag.text)
        turning.effects.append(TakeTag(tag.text, reason, run_id))
    for setting in effects.set:
        value = _setting_value(walk, setting.word, setting.value)
        set_field(walk, setting.path.text, value, answer)
    for notice in effects.notify:
        text = walk.view().show(notice.text.template) if notice.text is not None else ""
        turning.effects.append(Notify(notice.to.text, text, run_id))


def set_field(walk: Walk, path: str, value: Value, answer: str | None = None) -> None:
    """Write `field.X`; the empty text clears it."""
    key = path.removeprefix("field.")
    stored = value if show(value) else None
    walk.turning.customer.fields[key] = stored
    reason = Reason(walk.frame.flow, walk.frame.hash, walk.frame.state, answer)
    walk.turning.effects.append(SetField(key, stored, reason, walk.run.id))


def say(walk: Walk, texts: tuple[Words, ...]) -> None:
    """Send texts, one bubble each; an empty text sends nothing."""
    view = walk.view()
    send(walk, *(Bubble(view.show(words.template)) for words in texts))


def send(walk: Walk, *bubbles: Bubble) -> None:
    """Send bubbles, in order."""
    spoken = tuple(bubble for bubble in bubbles if bubble.text)
    if spoken:
        frame = walk.frame
        walk.turning.effects.append(SayEffect(walk.run.id, frame.flow, frame.state, spoken))


def push(walk: Walk, flow_id: str, way: str) -> None:
    """Put a called flow on top; it is pinned to the version that is the head now."""
    head = walk.turning.book.head(flow_id)
    if head is None or len(walk.run.frames) >= MAX_DEPTH:
        raise StepLimit(f"the flow {flow_id!r} cannot be called from here")
    walk.frame.phase, walk.frame.after = "child", way
    walk.run.frames.append(Frame(flow_id, head.hash))


def end_run(walk: Walk, end: str) -> None:
    """The run is over."""
    walk.run.status, walk.run.end, walk.run.timers = "ended", end, ()


def fail(walk: Walk, text: str) -> None:
    """The run cannot go on: it ends as `error`, staff see why, and a person is asked for."""
    queue = walk.turning.book.house.queues.default
    end_run(walk, "error")
    walk.turning.effects.append(ShowTrouble(walk.run.id, text))
    if walk.turning.people == "free":
        frame = walk.frame
        walk.turning.effects.append(
            AskPerson(walk.run.id, frame.flow, frame.state, queue, text, "trouble", ())
        )
        walk.turning.people = "asked"


def _enter(walk: Walk) -> str | None:
    """Do a step's entry; the way on, or None when the run rests or has gone into a child."""
    step, frame = walk.step, walk.frame
    if step.only_if is not None and not holds(step.only_if.condition, walk.view()):
        return "passed"
    frame.visits[step.name] = frame.visits.get(step.name, 0) + 1
    if step.max_visits is not None and frame.visits[step.name] > step.max_visits.times:
        return "too_often"
    do_effects(walk, step.effects)
    match step.body:
        case Say():
            say(walk, step.body.bubbles)
            return ""
        case End():
            walk.end_name = step.body.name.text
            return ""
        case Switch():
            return _branch(walk, *_case(walk, step.body))
        case If():
            is_true = holds(step.body.when.condition, walk.view())
            out = step.body.then if is_true else step.body.otherwise
            return _branch(walk, "then" if is_true else "else", out)
        case Call():
            push(walk, step.body.flow.text, "")
            return None
        case _:
            return walk.turning.enter_wait(walk, step)


def _branch(walk: Walk, way: str, out: WayOut | None) -> str | None:
    if out is not None:
        do_way(walk, out)
        if out.call is not None:
            push(walk, out.call.text, way)
            return None
    return way


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
        return walk.compiled.move(walk.frame.state, "next", way)
    is_new_child = not walk.frame.state and walk.run.status == "going"
    return walk.compiled.first if is_new_child else None


def _leave_frame(walk: Walk) -> str | None:
    """The frame is over: the caller goes on, or the run is over."""
    end, walk.end_name = walk.end_name, "done"
    if len(walk.run.frames) == 1:
        end_run(walk, end)
        return None
    walk.run.frames.pop()
    frame = walk.frame
    frame.answers[frame.state] = end
    return walk.compiled.move(frame.state, "child_done", frame.after)


def _count_step(walk: Walk) -> None:
    walk.turning.steps += 1
    if walk.turning.steps > MAX_STEPS_PER_TURN:
        raise StepLimit(f"{MAX_STEPS_PER_TURN}手順を超えました(ループ): {walk.frame.flow}")


def _setting_value(walk: Walk, word: str, words: Words) -> Value:
    view = walk.view()
    match word:
        case "today":
            return view.now.date().isoformat()
        case "now":
            return view.now.strftime(MOMENT)
        case "empty":
            return None
        case _:
            return view.show(words.template)


def status_of_answer(walk: Walk, status: str) -> None:
    """Store how the answer came to be empty."""
    walk.frame.answers[walk.frame.state] = Missing(status)
