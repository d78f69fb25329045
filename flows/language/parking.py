"""At most one question is open: what is interrupted is parked, what is held waits its turn."""

from dataclasses import replace
from datetime import timedelta

from flows.language.deeds import end_run
from flows.language.effects import ShowKeptBack
from flows.language.friend import Friend, begin_run
from flows.language.moments import in_window
from flows.language.run import BEGIN, MATCHED, STOPPED, Run, RunTimer
from flows.language.showing import show_question
from flows.language.turning import Move, Walk
from flows.language.waits import is_due
from flows.language.walk import stops

MOST_PARKED = 5
KEPT_BACK = timedelta(hours=24)  # by people; what comes later than that comes out of the blue


def park_for_takeover(friend: Friend) -> None:
    """A person took the talk: the run that was asking is parked, a handoff's clock stops."""
    friend.turning.people = "taken"
    for run in friend.runs:
        if run.has_question:
            park(friend, run)
            run.by_takeover = True
        elif run.status == "going" and run.top.phase == "handoff":
            run.timers = ()


def end_taken_over(friend: Friend) -> None:
    """The person resolved it: what the bot was asking before is not asked again."""
    for run in friend.runs:
        if run.status == "parked" and run.by_takeover:
            end_run(friend.walk(run), "interrupted")


def settle(friend: Friend) -> None:
    """Come to rest: what must stop stops; while nobody is asked anything, what waited goes on."""
    stop_what_must(friend)
    for run in [run for run in friend.runs if run.held and run.status != "ended"]:
        _mind_people(friend, run)
    while friend.turning.people == "free":
        asking = friend.asking()
        parked = [run for run in friend.runs if run.status == "parked" and not run.is_to_begin]
        held = [run for run in _held(friend) if asking in (None, run)]
        if parked and asking is None:  # the last one first
            _bring_back(friend, max(parked, key=lambda run: run.parked))
        elif held:
            _go_on(friend, min(held, key=lambda run: run.held_at or run.started_at))
        else:
            return
        stop_what_must(friend)


def _mind_people(friend: Friend, run: Run) -> None:
    """Note since when people keep it back. Once they are gone, what they kept too long ends."""
    now = friend.context.now
    if friend.turning.people != "free":
        run.kept_at = run.kept_at or now
    elif run.kept_at is not None and now - run.kept_at > KEPT_BACK:
        walk = friend.walk(run)
        title = friend.book.version(run.frames[0].hash).flow.title.text
        friend.turning.effects.append(ShowKeptBack(run.id, title))
        end_run(walk, "kept_back")
    else:
        run.kept_at = None


def stop_what_must(friend: Friend) -> None:
    """`stop_when`: a flow ends `stopped`, saying nothing; one that called it goes on."""
    for run in friend.runs:
        depth = _depth_to_stop(friend, run) if run.status != "ended" else None
        if depth == 0:
            _note_stop(friend, run, depth)
            end_run(friend.walk(run), STOPPED)
        elif depth is not None and run.status == "going" and not _is_stopping(run):
            friend.walk(run).over(depth + 1, STOPPED)
            del run.frames[depth + 1 :]
            _note_stop(friend, run, depth)
            run.timers, run.top.phase = (), ""
            do_or_hold(friend, run, STOPPED)


def _note_stop(friend: Friend, run: Run, depth: int) -> None:
    frame = run.frames[depth]
    friend.turning.moves.append(Move(frame.flow, frame.state, "stop"))


def _depth_to_stop(friend: Friend, run: Run) -> int | None:
    """The outermost frame whose flow must stop now."""
    for depth, frame in enumerate(run.frames):
        if friend.book.version(frame.hash).flow.stop_when is not None:
            inner = replace(run, frames=run.frames[: depth + 1])
            if stops(Walk(friend.turning, inner)):
                return depth
    return None


def _is_stopping(run: Run) -> bool:
    return run.held == STOPPED or run.has_timer(STOPPED)


def do_or_hold(friend: Friend, run: Run, work: str) -> None:
    """What a run wants to do without the friend: now, in its send window, or when none is asked."""
    if work == MATCHED:  # what has come leaves this entry, and its clocks
        run.timers = ()
    if not friend.is_prompt and put_off(friend, run, work):
        return
    if _has_the_word(friend, run):
        walk = friend.walk(run)
        friend.do(walk, lambda: is_due(walk, work))
    else:
        hold(friend, run, work)


def _has_the_word(friend: Friend, run: Run) -> bool:
    """While people are asked for, only the run that asked speaks; once they are there, none."""
    if friend.turning.people == "asked":
        return friend.turning.asking_run == run.id
    return friend.turning.people == "free" and friend.asking() in (None, run)


def hold(friend: Friend, run: Run, work: str) -> None:
    """It waits until no question is open."""
    if run.held_at is None:
        run.held_at, run.kept_at = friend.context.now, None
    run.held = work
    run.is_prompt = friend.is_prompt
    run.forget_timer(work)


def put_off(friend: Friend, run: Run, work: str) -> bool:
    """Move work that falls outside the send window to its opening; whether that was so."""
    walk = friend.walk(run)
    opening = in_window(walk, walk.now)
    if opening == walk.now or _is_not_moved(run, work):
        return False
    run.set_timer(RunTimer(work, run.top.entry, opening))
    run.held, run.held_at = "", None
    return True


def _is_not_moved(run: Run, work: str) -> bool:
    is_prompt = run.is_prompt and run.held == work
    return is_prompt or run.top.phase == "handoff"


def _held(friend: Friend) -> list[Run]:
    """Runs with work that waits, which may be done now."""
    held = [run for run in friend.runs if run.held and run.status != "ended"]
    return [run for run in held if not put_off(friend, run, run.held)]


def keeps(friend: Friend, run: Run, flow_id: str) -> bool:
    """Whether the run's question does not let this flow come between; its own flow may."""
    is_other = flow_id != run.top.flow
    return is_other and friend.book.version(run.top.hash).flow.on_interrupt == "keep"


def interrupt(friend: Friend, run: Run) -> None:
    """Another flow comes between: the run is parked, or ends where its flow says so."""
    if friend.book.version(run.top.hash).flow.on_interrupt == "stop":
        end_run(friend.walk(run), "interrupted")
    else:
        park(friend, run)


def park(friend: Friend, run: Run) -> None:
    """Put a run aside until no question is open; of too many, the oldest ends."""
    parked = [other for other in friend.runs if other.status == "parked" and not other.is_to_begin]
    run.parked = 1 + max((other.parked for other in parked), default=0)
    run.status, run.timers, run.held, run.held_at = "parked", (), "", None
    if len(parked) >= MOST_PARKED:
        oldest = min(parked, key=lambda other: other.parked)
        end_run(friend.walk(oldest), "interrupted")


def _bring_back(friend: Friend, run: Run) -> None:
    run.status, run.by_takeover = "going", False
    stop_what_must(friend)
    if run.status == "going" and run.top.phase in {"question", "unsure"}:
        walk = friend.walk(run)
        walk.took("resume")
        friend.do(walk, lambda: show_question(walk))


def _go_on(friend: Friend, run: Run) -> None:
    work, run.held, run.held_at = run.held, "", None
    if work == BEGIN:
        run.status = "going"
        begin_run(friend, run)
        return
    walk = friend.walk(run)
    friend.do(walk, lambda: is_due(walk, work))
