"""Somebody in the middle of a flow goes over to another version of it, begins anew, or is let go.

What is decided stands in `fates`; here it is done, in a turn like any other. Where the place stays
the same nothing is said: clocks count from where they counted, and buttons that would mean
something else now are old buttons.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from flows.language.clocks import EXPIRES_AFTER, new_entry, reminds_here, timeout_here
from flows.language.compiler import Compiled
from flows.language.deeds import end_run, send
from flows.language.effects import Bubble
from flows.language.events import Republished
from flows.language.fates import Fate, depth_of, fate_of, is_step
from flows.language.friend import Friend, begin_run
from flows.language.grammar.asks import yesno_choices
from flows.language.grammar.shapes import Ask, Faq, Handoff, Wait, WaitFor
from flows.language.moments import in_window, wake_at
from flows.language.parking import hold
from flows.language.questions import offers
from flows.language.run import BEGIN, END, Frame, Run, RunTimer
from flows.language.turning import Walk
from flows.language.walk import go

STOPPED = (
    "ご案内の内容が変わったため、このやりとりはここで終わります。またいつでもお声がけください。"
)


def republished(friend: Friend, event: Republished, aside: Sequence[Run]) -> None:
    """Do to one run what its new version asks for; a run that is over is left alone.

    aside: runs whose version cannot be read, which may yet be ended or begun anew.
    """
    run = next((run for run in (*aside, *friend.runs) if run.id == event.run_id), None)
    depth = depth_of(run, event) if run is not None else None
    if run is None or depth is None:
        return
    fate = fate_of(friend.book, run, event, friend.turning.people)
    if fate.kind == "stop":
        _stop(friend, run, depth)
    elif fate.kind != "stay" and event.hash is not None:
        version = friend.book.version(event.hash)
        if fate.kind == "restart":
            _restart(friend, run, depth, version)
        else:
            _go_over(friend, run, depth, version, fate)


def _go_over(friend: Friend, run: Run, depth: int, version: Compiled, fate: Fate) -> None:
    walk = friend.walk(run)
    if fate.kind == "same":
        _pin(run, depth, version.hash)
    else:
        _move(friend, run, depth, version, fate.step)
    if run.frames[depth].state:
        walk.came(depth)
    if fate.kind == "enter":
        run.is_aside = False
        friend.do(walk, lambda: go(walk, fate.step))


def _pin(run: Run, depth: int, hash_: str) -> None:
    run.frames[depth].hash = hash_
    if depth == 0:
        run.hash = hash_


def _move(friend: Friend, run: Run, depth: int, version: Compiled, step: str) -> None:
    frame, walk = run.frames[depth], friend.walk(run)
    is_top, old = depth == len(run.frames) - 1, friend.book.find(frame.hash)
    moves = version.flow.moves_from(frame.hash)
    if old is None or not frame.state:
        _pin(run, depth, version.hash)
        return
    before = _lengths(walk) if is_top else {}
    asked = old.steps[frame.state].body
    _pin(run, depth, version.hash)
    _rename(frame, moves)
    frame.state = step
    if is_top:
        run.timers = _counted_on(run.timers, before, _lengths(walk))
        _wake_at_its_moment(walk)
        _keep_buttons(walk, asked)


def _rename(frame: Frame, moves: Mapping[str, str]) -> None:
    """What was answered and visited is known by the steps' new names."""
    names = {old: new for old, new in moves.items() if is_step(new)}
    frame.answers = {names.get(step, step): value for step, value in frame.answers.items()}
    frame.visits = {names.get(step, step): count for step, count in frame.visits.items()}
    frame.rounds = {names.get(step, step): left for step, left in frame.rounds.items()}


def _lengths(walk: Walk) -> dict[str, timedelta]:
    """How long each clock of the place runs."""
    body = walk.step.body
    if isinstance(body, Wait) and body.length is not None:
        return {"wake": body.length}
    if not isinstance(body, Ask | Faq | Handoff | WaitFor):
        return {}
    timeout = timeout_here(walk)
    lengths = {f"remind:{n}": remind.after for n, remind in enumerate(reminds_here(walk))}
    if timeout is not None:
        lengths["timeout"] = timeout.after
    elif not isinstance(body, Handoff):
        lengths["expiry"] = EXPIRES_AFTER
    return lengths


def _counted_on(
    timers: tuple[RunTimer, ...], before: Mapping[str, timedelta], after: Mapping[str, timedelta]
) -> tuple[RunTimer, ...]:
    """The new version's clocks, from where the old ones counted. Those that rest go on resting.

    A reminder whose moment would have passed is left out: nobody is reminded by a publish.
    """
    known = [timer for timer in timers if timer.name in before]
    if not known or before == after:
        return timers
    start = known[0].at - before[known[0].name]
    had = {timer.name for timer in timers}
    counted = [
        RunTimer(name, known[0].entry, start + length)
        for name, length in after.items()
        if name in had or name not in before
    ]
    others = [timer for timer in timers if timer.name not in before]
    return tuple(sorted([*others, *counted], key=lambda timer: (timer.at, timer.name)))


def _wake_at_its_moment(walk: Walk) -> None:
    """A wait for a day, or for a date on the card, does not count from its entry."""
    body = walk.step.body
    if isinstance(body, Wait) and body.length is None and walk.run.has_timer("wake"):
        moment = in_window(walk, max(wake_at(walk, body) or walk.now, walk.now))
        walk.run.set_timer(RunTimer("wake", walk.frame.entry, moment))


def _keep_buttons(walk: Walk, asked: object) -> None:
    """A button says the number of its choice: where that is another's now, it is an old button."""
    body = walk.step.body
    if not isinstance(asked, Ask) or not isinstance(body, Ask):
        return
    if walk.frame.chosen:
        labels = {choice.value: choice.label.text for choice in yesno_choices(body)}
        values = {choice.label.text: choice.value for choice in yesno_choices(asked)}
        chosen = {labels[values[label]] for label in walk.frame.chosen}
        walk.frame.chosen = tuple(label for label in labels.values() if label in chosen)
    if not dict(offers(asked)).items() <= dict(offers(body)).items():
        new_entry(walk)
        walk.run.timers = tuple(replace(t, entry=walk.frame.entry) for t in walk.run.timers)


def _restart(friend: Friend, run: Run, depth: int, version: Compiled) -> None:
    """Begin anew at the first step: the flow itself as another run, a called one in its place."""
    if depth > 0:
        friend.walk(run).over(depth, "restarted")
        run.frames[depth:] = [Frame(version.flow.id.text, version.hash)]
        run.is_aside = False
        begin_run(friend, run)
        return
    is_aside = run.status != "going" or friend.asking() not in (None, run)
    end_run(friend.walk(run), "restarted")
    anew = friend.new_run(version)
    anew.message, anew.event = run.message, dict(run.event)
    friend.runs.append(anew)
    if is_aside:
        anew.status = "parked"
        hold(friend, anew, BEGIN)
    else:
        begin_run(friend, anew)


def _stop(friend: Friend, run: Run, depth: int) -> None:
    """End it, with a word to whom it was asking; who called it goes on."""
    walk = friend.walk(run)
    if run.has_question and friend.turning.people == "free":
        send(walk, Bubble(STOPPED))
    if depth == 0:
        end_run(walk, "stopped")
        return
    walk.over(depth + 1, "stopped")
    del run.frames[depth + 1 :]
    walk.end_name = "stopped"
    friend.do(walk, lambda: go(walk, END))
