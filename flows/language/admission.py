"""Whether a flow may start now, and its start: at once, or held until no question is open."""

from collections.abc import Sequence

from flows.language.compiler import Compiled
from flows.language.conditions import holds
from flows.language.deeds import end_run
from flows.language.events import Happened
from flows.language.friend import Friend, begin_run, runs_of, view_of
from flows.language.parking import hold, interrupt, keeps
from flows.language.run import BEGIN, Frame, Run

NOT_FINISHED = frozenset(
    {"cancelled", "timed_out", "interrupted", "restarted", "stopped", "kept_back", "error"}
)


def start_first(
    friend: Friend, ordered: Sequence[Compiled], text: str | None, interrupts: Run | None
) -> bool:
    """Start the first of these that may; whether one did."""
    for version in ordered:
        if interrupts is not None and keeps(friend, interrupts, version.flow.id.text):
            continue
        if may_start(friend, version):
            start_now(friend, version, text, interrupts)
            return True
    return False


def start_now(friend: Friend, version: Compiled, text: str | None, interrupts: Run | None) -> None:
    """Start, also between a question and its answer."""
    run = _place_for(friend, version)
    if interrupts is not None and interrupts is not run and interrupts.status == "going":
        interrupt(friend, interrupts)
    run.status, run.message = "going", text if text is not None else run.message
    begin_run(friend, run)


def start_in_background(friend: Friend, version: Compiled, event: Happened | None) -> None:
    """A start that the friend's own text did not cause waits until no question is open."""
    if may_start(friend, version):
        hold_start(friend, version, event)


def hold_start(friend: Friend, version: Compiled, event: Happened | None) -> None:
    """Start once no question is open; its days count from now."""
    run = _place_for(friend, version)
    run.status = "parked"
    if event is not None:
        run.event = dict(event.data)
    hold(friend, run, BEGIN)


def may_start(friend: Friend, version: Compiled) -> bool:
    """accounts, if_running: ignore, repeat, stop_when, only_if."""
    flow = version.flow
    accounts = {account.text for account in flow.accounts}
    if accounts and friend.context.account not in accounts:
        return False
    if not has_room(friend, version):
        return False
    if must_stop(friend, version) or not _may_repeat(friend, version):
        return False
    return flow.only_if is None or holds(flow.only_if.condition, view_of(friend, version))


def must_stop(friend: Friend, version: Compiled) -> bool:
    """Whether the flow's `stop_when` holds, so that it may not start, whoever starts it."""
    stop_when = version.flow.stop_when
    return stop_when is not None and holds(stop_when.condition, view_of(friend, version))


def has_room(friend: Friend, version: Compiled) -> bool:
    """`if_running: ignore` wants the friend not to be in the flow already."""
    return version.flow.if_running != "ignore" or not runs_of(friend, version.flow.id.text)


def _place_for(friend: Friend, version: Compiled) -> Run:
    """A new run; with `restart` the others end, and a called frame begins anew in its place."""
    running = runs_of(friend, version.flow.id.text) if version.flow.if_running == "restart" else []
    place: Run | None = None
    for run in running:
        if run.flow == version.flow.id.text:
            end_run(friend.walk(run), "restarted")
        else:
            place = run
    if place is None:
        place = friend.new_run(version)
        friend.runs.append(place)
    else:
        depth = [frame.flow for frame in place.frames].index(version.flow.id.text)
        friend.walk(place).over(depth, "restarted")
        place.frames[depth:] = [Frame(version.flow.id.text, version.hash)]
        place.timers, place.held, place.held_at = (), "", None
    return place


def _may_repeat(friend: Friend, version: Compiled) -> bool:
    flow, flow_id = version.flow, version.flow.id.text
    past = [run for run in friend.context.past if run.flow == flow_id]
    if flow.repeat.kind == "once":
        return all(run.end in NOT_FINISHED for run in past)
    if flow.repeat.kind == "after":
        begun = [run.started_at for run in past]
        begun += [run.started_at for run in friend.runs if run.flow == flow_id]
        return all(friend.context.now - at >= flow.repeat.length for at in begun)
    return True
