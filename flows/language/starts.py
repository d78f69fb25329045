"""Which flows start, interrupt, wait in the background, and come back: all runs of one friend."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import assert_never

from flows.language.book import Book
from flows.language.compiler import Compiled
from flows.language.conditions import holds
from flows.language.deeds import end_run, fail
from flows.language.grammar.shapes import Trigger
from flows.language.normalise import normalise
from flows.language.run import Frame, Run
from flows.language.showing import show_question
from flows.language.turning import StepLimit, Turning, Walk
from flows.language.waits import enter_wait
from flows.language.walk import begin
from flows.language.words import (
    Context,
    Followed,
    Happened,
    StartedByHand,
    StartLater,
    Tagged,
)
from flows.language.world import Customer, View

MOST_PARKED = 5
NOT_FINISHED = frozenset({"cancelled", "timed_out", "interrupted", "restarted", "stopped", "error"})
MATCH_ORDER = {"exact": 0, "starts": 1, "contains": 2}


class Friend:
    """All runs of one friend within one turn."""

    def __init__(self, book: Book, context: Context, runs: list[Run]) -> None:
        self.book = book
        self.context = context
        self.runs = runs
        self.turning = Turning(
            book, context, Customer(context), people=context.people, enter_wait=enter_wait
        )
        self._begun = 0

    def asking(self) -> Run | None:
        """The run that has the open question."""
        return next((run for run in self.runs if run.has_question), None)

    def walk(self, run: Run) -> Walk:
        """A run to be walked."""
        return Walk(self.turning, run)

    def do(self, walk: Walk, work: Callable[[], None]) -> None:
        """Walk; a run that takes too many steps ends as `error` and is shown to staff."""
        try:
            work()
        except StepLimit as limit:
            fail(walk, str(limit))

    def new_run(self, version: Compiled) -> Run:
        """A run that has not entered its first step."""
        self._begun += 1
        return Run(
            id=f"{self.context.turn_id}.{self._begun}",
            flow=version.flow.id.text,
            hash=version.hash,
            started_at=self.context.now,
            frames=[Frame(version.flow.id.text, version.hash)],
        )


def by_keyword(friend: Friend, text: str, *, interrupts: Run | None = None) -> bool:
    """Rule 5: the first flow whose keyword it is, and that may start."""
    said = normalise(text)
    found = []
    for version in friend.book.flows():
        for trigger in version.flow.triggers:
            matched = [word.text for word in trigger.texts if _is_keyword(trigger, word.text, said)]
            if matched:
                order = (
                    -version.flow.priority,
                    MATCH_ORDER[trigger.match],
                    -max(len(normalise(word)) for word in matched),
                    version.flow.id.text,
                )
                found.append((order, version))
    ordered = [version for _, version in sorted(found, key=lambda item: item[0])]
    return _start_first(friend, ordered, text, interrupts)


def by_postback(friend: Friend, data: str) -> bool:
    """Rule 5 for a button of a rich menu or a flex message."""
    ordered = [v for v, _ in _triggered(friend, "postback", data)]
    return _start_first(friend, ordered, None, friend.asking())


def by_message(friend: Friend, text: str) -> bool:
    """Rule 8: `message` and `off_hours` flows, by priority."""
    if friend.context.is_fresh_done:
        return False
    ordered = []
    for version in _by_priority(friend.book.flows()):
        kinds = {trigger.kind for trigger in version.flow.triggers}
        is_closed = not _view(friend, version).is_open()
        if "message" in kinds or ("off_hours" in kinds and is_closed):
            ordered.append(version)
    return _start_first(friend, ordered, text, None)


def begin_by(friend: Friend, event: Followed | Tagged | Happened | StartedByHand) -> None:
    """What happened may start flows."""
    match event:
        case Followed():
            _start_all(friend, "follow", None)
        case Tagged():
            _start_all(friend, "tag_added", event.tag, but_flow=event.flow)
        case Happened():
            _happened(friend, event)
        case StartedByHand():
            _start_by_hand(friend, event.flow)
        case _:
            assert_never(event)


def _start_all(friend: Friend, kind: str, text: str | None, *, but_flow: str | None = None) -> None:
    for version, _ in _triggered(friend, kind, text):
        if version.flow.id.text != but_flow:  # a run never starts its own flow by a tag
            _start_in_background(friend, version, None)


def _happened(friend: Friend, event: Happened) -> None:
    """Flows that an event starts; `delay` holds the start, and conditions are looked at then."""
    for version, trigger in _triggered(friend, "event", event.name):
        flow_id = version.flow.id.text
        if event.is_after_delay:
            if event.flow == flow_id:
                _start_in_background(friend, version, event)
        elif trigger.delay is not None:
            later = replace(event, is_after_delay=True, flow=flow_id)
            at = friend.context.now + trigger.delay
            friend.turning.effects.append(StartLater(flow_id, later, at))
        else:
            _start_in_background(friend, version, event)


def _start_by_hand(friend: Friend, flow_id: str) -> None:
    """An operator starts a flow: `start`, `repeat` and `only_if` are not looked at."""
    version = friend.book.head(flow_id)
    if version is None or not _make_room(friend, version):
        return
    asking = friend.asking()
    if asking is not None:
        _interrupt(friend, asking)
    if friend.turning.people == "free":
        _start(friend, version, None, None)
    else:
        _hold(friend, version, None)


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


def _is_keyword(trigger: Trigger, word: str, said: str) -> bool:
    if trigger.kind != "keyword":
        return False
    keyword = normalise(word)
    match trigger.match:
        case "exact":
            return said == keyword
        case "starts":
            return said.startswith(keyword)
        case _:
            return keyword in said


def _triggered(friend: Friend, kind: str, text: str | None) -> list[tuple[Compiled, Trigger]]:
    return [
        (version, trigger)
        for version in _by_priority(friend.book.flows())
        for trigger in version.flow.triggers
        if trigger.kind == kind and (text is None or any(t.text == text for t in trigger.texts))
    ]


def _by_priority(versions: Sequence[Compiled]) -> list[Compiled]:
    return sorted(versions, key=lambda v: (-v.flow.priority, v.flow.id.text))


def _start_first(
    friend: Friend, ordered: Sequence[Compiled], text: str | None, interrupts: Run | None
) -> bool:
    for version in ordered:
        if interrupts is not None and _keeps(friend, interrupts):
            return False
        if _may_start(friend, version) and _make_room(friend, version):
            if interrupts is not None and interrupts.status == "going":
                _interrupt(friend, interrupts)
            _start(friend, version, text, None)
            return True
    return False


def _start_in_background(friend: Friend, version: Compiled, event: Happened | None) -> None:
    """A start that the friend's own text did not cause waits until no question is open."""
    if not _may_start(friend, version) or not _make_room(friend, version):
        return
    if friend.asking() is None and friend.turning.people == "free":
        _start(friend, version, None, event)
    else:
        _hold(friend, version, event)


def _hold(friend: Friend, version: Compiled, event: Happened | None) -> None:
    run = friend.new_run(version)
    run.status, run.is_held = "parked", True
    run.event = dict(event.data) if event is not None else {}
    friend.runs.append(run)


def _start(friend: Friend, version: Compiled, text: str | None, event: Happened | None) -> None:
    run = friend.new_run(version)
    run.message = text
    run.event = dict(event.data) if event is not None else {}
    friend.runs.append(run)
    _begin(friend, run)


def _may_start(friend: Friend, version: Compiled) -> bool:
    """accounts, if_running: ignore, repeat, only_if."""
    flow = version.flow
    accounts = {account.text for account in flow.accounts}
    if accounts and friend.context.account not in accounts:
        return False
    if flow.if_running == "ignore" and _running(friend, flow.id.text):
        return False
    if not _may_repeat(friend, version):
        return False
    return flow.only_if is None or holds(flow.only_if.condition, _view(friend, version))


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


def _running(friend: Friend, flow_id: str) -> list[Run]:
    return [
        run
        for run in friend.runs
        if run.status != "ended" and any(frame.flow == flow_id for frame in run.frames)
    ]


def _make_room(friend: Friend, version: Compiled) -> bool:
    """`if_running: restart` ends what runs; False when a called frame began anew in its place."""
    flow_id = version.flow.id.text
    running = _running(friend, flow_id)
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
        _begin(friend, run)
        return False
    return True


def _keeps(friend: Friend, run: Run) -> bool:
    return friend.book.version(run.top.hash).flow.on_interrupt == "keep"


def _interrupt(friend: Friend, run: Run) -> None:
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
    _begin(friend, run)


def _begin(friend: Friend, run: Run) -> None:
    walk = friend.walk(run)
    friend.do(walk, lambda: begin(walk))


def _view(friend: Friend, version: Compiled) -> View:
    """What a flow that has not started can see."""
    run = Run("", version.flow.id.text, version.hash, friend.context.now, [])
    frame = Frame(version.flow.id.text, version.hash)
    return View(friend.book, friend.context, friend.turning.customer, run, frame, version)
