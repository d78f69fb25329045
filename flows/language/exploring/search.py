"""The walk itself: every doing at every place, breadth first and fairly, within a budget.

A place is where the runs stand, with what conditions tell apart; talks that come to the same
place are walked on once. Where the budget ends nothing is concluded.
"""

import heapq
from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from flows.language.book import Book
from flows.language.cannot import why_of
from flows.language.conditions import Missing
from flows.language.exploring.doings import Doing, doings, sample_texts
from flows.language.exploring.situations import situations, ways_in
from flows.language.exploring.telling import Telling, telling_of, with_called
from flows.language.grammar.shapes import Flow, Random
from flows.language.loader import Folder
from flows.language.run import Frame, Run
from flows.language.sayings.saying import Saying, saying
from flows.language.talk_seen import Seen
from flows.language.talk_world import PaperFriend
from flows.language.turning import Move

MOST_DOINGS = 3000  # of one flow
MOST_WRONG = 3
MOST_DRAWS = 20
PICKS = 8
NOT_ASKED = Missing("not_asked")
Place = Hashable


@dataclass(frozen=True, slots=True)
class Trouble:
    """A talk that came to grief, and what was done until then."""

    state: str
    about: Saying
    trail: tuple[Saying, ...]


@dataclass(slots=True)
class Node:
    """A place, and the first talk that came there. leads_to: places that follow; `None` the end."""

    friend: PaperFriend
    state: str
    trail: tuple[Saying, ...]
    leads_to: set[Place | None] = field(default_factory=set)
    is_walked: bool = False


@dataclass(slots=True)
class Explored:
    """What was found of one flow."""

    nodes: dict[Place, Node] = field(default_factory=dict)
    moves: set[Move] = field(default_factory=set)
    troubles: list[Trouble] = field(default_factory=list)
    is_whole: bool = True  # False: the budget ended before everything was walked


@dataclass(slots=True)
class _Walk:
    flow: Flow
    book: Book
    telling: Telling
    found: Explored
    queue: list[tuple[int, int, Place]] = field(default_factory=list)
    visits: Counter[Hashable] = field(default_factory=Counter)
    done: int = 0


def explore_flow(folder: Folder, book: Book, flow: Flow) -> Explored:
    """Walk one flow from every way in."""
    flows = with_called(folder, flow)
    texts = {each.id.text: tuple(dict.fromkeys(sample_texts(book, each))) for each in flows}
    walk = _Walk(flow, book, replace(telling_of(folder, flows), texts=texts), Explored())
    for given in situations(folder, flow, walk.telling):
        for way_in in ways_in(flow, texts[flow.id.text]):
            for _ in _after(walk, PaperFriend(book, given), way_in, ("", ())):
                pass
    while walk.queue and walk.done < MOST_DOINGS:
        _, _, place = heapq.heappop(walk.queue)
        _walk_on(walk, walk.found.nodes[place])
    walk.found.is_whole = not walk.queue
    return walk.found


def _walk_on(walk: _Walk, node: Node) -> None:
    for doing in doings(walk.telling, node.friend, walk.flow.id.text):
        for place in _after(walk, node.friend, doing, (node.state, node.trail)):
            if not doing.is_built_in:
                node.leads_to.add(place)
    node.is_walked = True


def _after(
    walk: _Walk, friend: PaperFriend, doing: Doing, since: tuple[str, tuple[Saying, ...]]
) -> Iterator[Place | None]:
    """Where a doing leads, for each way in which the lot may fall; `None` is the end."""
    first = _do(walk, friend, doing, since, ())
    if first is None:
        return
    yield from _arrive(walk, first, (*since[1], doing.label))
    if any(move.way.startswith("draw:") for move in first.moves):
        for pick in range(_most_draws(walk.book)):
            other = _do(walk, friend, doing, since, (pick,) * PICKS)
            if other is not None:
                yield from _arrive(walk, other, (*since[1], doing.label))


def _do(
    walk: _Walk,
    friend: PaperFriend,
    doing: Doing,
    since: tuple[str, tuple[Saying, ...]],
    picks: tuple[int, ...],
) -> PaperFriend | None:
    """The friend afterwards; None when the talk came to grief."""
    walk.done += 1
    after = friend.copy()
    after.moves, after.picks = [], picks
    after.seen = Seen()
    state, trail = since[0], (*since[1], doing.label)
    try:
        doing.do(after)
    except Exception as error:  # whatever happens is what is looked for
        about = saying("raised", kind=type(error).__name__, why=why_of(error))
        walk.found.troubles.append(Trouble(state, about, trail))
        return None
    walk.found.moves.update(after.moves)
    for about in after.seen.troubles:
        at = _state_of(after, walk.flow.id.text) or state
        walk.found.troubles.append(Trouble(at, about, trail))
    return None if after.seen.troubles else after


def _arrive(walk: _Walk, friend: PaperFriend, trail: tuple[Saying, ...]) -> Iterator[Place | None]:
    flow_id = walk.flow.id.text
    is_going = any(_is_in(run, flow_id) for run in friend.runs if run.status != "ended")
    has_begun = friend.live(flow_id) is not None
    if not is_going and (has_begun or friend.next_moment() is None):  # it ended, or never begins
        yield None
        return
    place = _place(walk.telling, friend, flow_id)
    if place not in walk.found.nodes:
        state = _state_of(friend, flow_id)
        walk.found.nodes[place] = Node(friend, state, trail)
        where = tuple(tuple(_stands(frame) for frame in run.frames) for run in _going(friend))
        walk.visits[where] += 1
        heapq.heappush(walk.queue, (walk.visits[where], len(walk.found.nodes), place))
    yield place


def _place(telling: Telling, friend: PaperFriend, flow_id: str) -> Place:
    now = friend.book.house.calendar(None).local(friend.now)
    runs = tuple(
        (
            (run.status, run.held, tuple(sorted(timer.name for timer in run.timers))),
            tuple(_told(telling, frame, now) for frame in run.frames),
        )
        if _is_in(run, flow_id)
        else (run.flow, run.top.state)
        for run in _going(friend)
    )
    fields = tuple(
        telling.sign(f"field.{name}", friend.fields.get(name), now)
        for name in telling.names("field")
    )
    tags = tuple(sorted(friend.tags & telling.tags))
    hours = friend.book.house.calendar(None).is_open(friend.now) if telling.asks_hours else None
    return (runs, friend.people, tags, fields, hours, friend.next_start() is not None)


def _told(telling: Telling, frame: Frame, now: datetime) -> Hashable:
    answers = tuple(
        telling.sign(f"answer.{name}", frame.answers.get(name, NOT_ASKED), now)
        for name in telling.names("answer")
    )
    values = tuple(
        telling.sign(f"var.{name}", frame.vars.get(name), now) for name in telling.names("var")
    )
    counted = (step for flow, step in sorted(telling.counted) if flow == frame.flow)
    visits = tuple(frame.visits.get(step, 0) for step in counted)
    rounds = tuple((step, len(left)) for step, left in sorted(frame.rounds.items()))
    wrong = min(frame.wrong, MOST_WRONG) if frame.phase == "question" else 0
    return (_stands(frame), wrong, frame.reminded, answers, values, visits, rounds)


def _stands(frame: Frame) -> Hashable:
    return (frame.flow, frame.state, frame.phase, frame.after, frame.look_ups)


def _going(friend: PaperFriend) -> list[Run]:
    return [run for run in friend.runs if run.status != "ended"]


def _is_in(run: Run, flow_id: str) -> bool:
    return any(frame.flow == flow_id for frame in run.frames)


def _state_of(friend: PaperFriend, flow_id: str) -> str:
    """The step of the explored flow where it stands (or ended)."""
    run = friend.live(flow_id)
    frames = [frame for frame in run.frames if frame.flow == flow_id] if run is not None else []
    return frames[-1].state if frames else ""


def _most_draws(book: Book) -> int:
    bodies = (step.body for version in book.flows() for step in version.flow.steps)
    most = max((len(body.draws) for body in bodies if isinstance(body, Random)), default=0)
    return min(most, MOST_DRAWS)
