"""At most one question is open: what is interrupted is parked, what is held waits its turn."""

from flows.language.compiler import Compiled
from flows.language.deeds import end_run
from flows.language.friend import Friend, begin_run
from flows.language.run import Run
from flows.language.showing import show_question

MOST_PARKED = 5


def park_for_takeover(friend: Friend) -> None:
    """A person took the talk: the run that was asking is parked, a handoff's clock stops."""
    friend.turning.people = "taken"
    for run in friend.runs:
        if run.has_question:
            _park(friend, run)
            run.by_takeover = True
        elif run.status == "going" and run.top.phase == "handoff":
            run.timers = ()


def end_taken_over(friend: Friend) -> None:
    """The person resolved it: what the bot was asking before is not asked again."""
    for run in friend.runs:
        if run.status == "parked" and run.by_takeover:
            end_run(friend.walk(run), "interrupted")


def settle(friend: Friend) -> None:
    """While nobody is asked anything: what was held begins, what was parked comes back."""
    while friend.turning.people == "free" and friend.asking() is None:
        held = [run for run in friend.runs if run.status == "parked" and run.is_held]
        parked = [run for run in friend.runs if run.status == "parked" and not run.is_held]
        if parked:
            _bring_back(friend, max(parked, key=lambda run: run.parked))
        elif held:
            _begin_held(friend, min(held, key=lambda run: (run.started_at, run.id)))
        else:
            return


def keeps(friend: Friend, run: Run, version: Compiled) -> bool:
    """Whether the run's question does not let this flow come between; its own flow may."""
    is_other = version.flow.id.text != run.top.flow
    return is_other and friend.book.version(run.top.hash).flow.on_interrupt == "keep"


def interrupt(friend: Friend, run: Run) -> None:
    """Another flow comes between: the run is parked, or ends where its flow says so."""
    if friend.book.version(run.top.hash).flow.on_interrupt == "stop":
        end_run(friend.walk(run), "interrupted")
    else:
        _park(friend, run)


def _park(friend: Friend, run: Run) -> None:
    parked = [other for other in friend.runs if other.status == "parked" and not other.is_held]
    run.parked = 1 + max((other.parked for other in parked), default=0)
    run.status, run.timers = "parked", ()
    if len(parked) >= MOST_PARKED:
        oldest = min(parked, key=lambda other: other.parked)
        end_run(friend.walk(oldest), "interrupted")


def _bring_back(friend: Friend, run: Run) -> None:
    run.status, run.by_takeover = "going", False
    walk = friend.walk(run)
    friend.do(walk, lambda: show_question(walk))


def _begin_held(friend: Friend, run: Run) -> None:
    run.status, run.is_held = "going", False
    begin_run(friend, run)
