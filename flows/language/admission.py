"""Whether a flow may start now, and its start: at once, or held until no question is open."""

from collections.abc import Sequence

from flows.language.compiler import Compiled
from flows.language.conditions import holds
from flows.language.deeds import end_run
from flows.language.friend import Friend, begin_run, runs_of, view_of
from flows.language.parking import interrupt, keeps
from flows.language.run import Frame, Run
from flows.language.words import Happened

NOT_FINISHED = frozenset({"cancelled", "timed_out", "interrupted", "restarted", "stopped", "error"})


def start_first(
    friend: Friend, ordered: Sequence[Compiled], text: str | None, interrupts: Run | None
) -> bool:
    """Start the first of these that may; whether one did."""
    for version in ordered:
        if interrupts is not None and keeps(friend, interrupts, version):
            continue
        if may_start(friend, version):
            _start_instead(friend, version, text, interrupts)
            return True
    return False


def _start_instead(
    friend: Friend, version: Compiled, text: str | None, interrupts: Run | None
) -> None:
    """Start a flow that may; its own runs make room by `if_running`, another's is interrupted."""
    running = runs_of(friend, version.flow.id.text)
    is_begun_anew = version.flow.if_running == "restart" and interrupts in running
    if interrupts is not None and not is_begun_anew:
        interrupt(friend, interrupts)
    for run in running:
        run.message = text if text is not None else run.message
    if make_room(friend, version):
        start_run(friend, version, text, None)


def start_in_background(friend: Friend, version: Compiled, event: Happened | None) -> None:
    """A start that the friend's own text did not cause waits until no question is open."""
    if not may_start(friend, version) or not make_room(friend, version):
        return
    if friend.asking() is None and friend.turning.people == "free":
        start_run(friend, version, None, event)
    else:
        hold(friend, version, event)


def start_run(friend: Friend, version: Compiled, text: str | None, event: Happened | None) -> None:
    """Start now."""
    run = friend.new_run(version)
    run.message = text
    run.event = dict(event.data) if event is not None else {}
    friend.runs.append(run)
    begin_run(friend, run)


def hold(friend: Friend, version: Compiled, event: Happened | None) -> None:
    """Start once no question is open."""
    run = friend.new_run(version)
    run.status, run.is_held = "parked", True
    run.event = dict(event.data) if event is not None else {}
    friend.runs.append(run)


def may_start(friend: Friend, version: Compiled) -> bool:
    """accounts, if_running: ignore, repeat, only_if."""
    flow = version.flow
    accounts = {account.text for account in flow.accounts}
    if accounts and friend.context.account not in accounts:
        return False
    if flow.if_running == "ignore" and runs_of(friend, flow.id.text):
        return False
    if not _may_repeat(friend, version):
        return False
    return flow.only_if is None or holds(flow.only_if.condition, view_of(friend, version))


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
        run.status = "going"
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
