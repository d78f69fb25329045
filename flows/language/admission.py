"""Whether a flow may start now, and its start: at once, or held until no question is open."""

from collections.abc import Sequence

from flows.language.compiler import Compiled
from flows.language.conditions import holds
from flows.language.deeds import end_run
from flows.language.friend import Friend, begin_run, runs_of, view_of
from flows.language.parking import hold, interrupt, keeps
from flows.language.run import BEGIN, Frame, Run
from flows.language.words import Happened

NOT_FINISHED = frozenset({"cancelled", "timed_out", "interrupted", "restarted", "stopped", "error"})


def start_first(
    friend: Friend, ordered: Sequence[Compiled], text: str | None, interrupts: Run | None
) -> bool:
    """Start the first of these that may; whether one did."""
    for version in ordered:
        if interrupts is not None and keeps(friend, interrupts):
            return False
        if may_start(friend, version) and make_room(friend, version):
            if interrupts is not None and interrupts.status == "going":
                interrupt(friend, interrupts)
            start_run(friend, version, text, None)
            return True
    return False


def start_in_background(
    friend: Friend, version: Compiled, event: Happened | None, *, by_friend: bool
) -> None:
    """A start that the friend's own text did not cause waits until no question is open."""
    if may_start(friend, version) and make_room(friend, version):
        hold_start(friend, version, event, by_friend=by_friend)


def start_run(friend: Friend, version: Compiled, text: str | None, event: Happened | None) -> None:
    """Start now."""
    run = friend.new_run(version)
    run.message = text
    run.event = dict(event.data) if event is not None else {}
    friend.runs.append(run)
    begin_run(friend, run)


def hold_start(
    friend: Friend, version: Compiled, event: Happened | None, *, by_friend: bool
) -> None:
    """Start once no question is open; its days count from now."""
    run = friend.new_run(version)
    run.status, run.by_friend = "parked", by_friend
    run.event = dict(event.data) if event is not None else {}
    friend.runs.append(run)
    hold(friend, run, BEGIN)


def may_start(friend: Friend, version: Compiled) -> bool:
    """accounts, if_running: ignore, repeat, stop_when, only_if."""
    flow = version.flow
    accounts = {account.text for account in flow.accounts}
    if accounts and friend.context.account not in accounts:
        return False
    if flow.if_running == "ignore" and runs_of(friend, flow.id.text):
        return False
    if not _may_repeat(friend, version):
        return False
    view = view_of(friend, version)
    if flow.stop_when is not None and holds(flow.stop_when.condition, view):
        return False
    return flow.only_if is None or holds(flow.only_if.condition, view)


def make_room(friend: Friend, version: Compiled) -> bool:
    """`if_running: restart` ends what runs; False when a called frame began anew in its place."""
    flow_id = version.flow.id.text
    running = runs_of(friend, flow_id)
    if version.flow.if_running == "ignore":
        return not running
    if version.flow.if_running == "parallel":
        return True
    for run in running:
        if run.flow == flow_id:
            end_run(friend.walk(run), "restarted")
            continue
        depth = next(n for n, frame in enumerate(run.frames) if frame.flow == flow_id)
        run.frames[depth:] = [Frame(flow_id, version.hash)]
        run.status, run.held = "going", ""
        begin_run(friend, run)
        return False
    return True


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
