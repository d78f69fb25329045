"""A real talk as a test: the same way through the flows, without the personal data.

What was said is replaced by samples. Whether the talk still goes the same way is not guessed: it is
walked with each sample, in the versions that it went through, and the most hidden one that leads to
the same places is taken.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flows.language import nodes
from flows.language.book import Book
from flows.language.cannot import CannotDo
from flows.language.events import Tagged
from flows.language.grammar.primitives import Reading
from flows.language.grammar.talk_files import Given, read_given
from flows.language.masking import NAME
from flows.language.past_talks.causes import Cause, causes
from flows.language.past_talks.hiding import Hider, hider_for
from flows.language.past_talks.lines import CardWatch, TalkLine, minute
from flows.language.past_talks.recorded import RecordedTurn
from flows.language.past_talks.writing import write_talk_test
from flows.language.problems import Problems
from flows.language.run import Frame, Run
from flows.language.talk_tests import do_line
from flows.language.talk_world import LEFT, PaperFriend
from flows.language.words import Facts

Places = Mapping[str, tuple[tuple[str, ...], str | None]]  # by flow: where its newest run is


@dataclass(frozen=True, slots=True)
class Recording:
    """A test file. kept: what was left as it was said, for somebody to look over. strays: lines
    after which the masked talk goes another way than the real one did.
    """

    text: str
    flow: str
    kept: tuple[str, ...]
    strays: tuple[int, ...]


def last_stretch(turns: Sequence[Sequence[RecordedTurn]]) -> list[Sequence[RecordedTurn]]:
    """The newest part of a talk that began while no flow was under way."""
    start, live = 0, set[str]()
    for number, turn in enumerate(turns):
        if not live:
            start = number
        for each in turn:
            (live.discard if each.after.status == "ended" else live.add)(each.run_id)
    return list(turns[start:])


def versions_of(turns: Sequence[Sequence[RecordedTurn]]) -> dict[str, str]:
    """The versions that a stretch went through: flow id → hash, the newest."""
    frames = (frame for turn in turns for each in turn for frame in each.after.frames)
    return {frame.flow: frame.hash for frame in frames}


def record_talk(book: Book, turns: Sequence[Sequence[RecordedTurn]]) -> Recording:
    """The test of a stretch. book: the versions that it went through."""
    first = turns[0][0]
    own = causes(book, turns)
    hider = hider_for(book, first.context.facts.name, list(versions_of(turns).values()))
    given = _given(book, hider, turns, own[0].at)
    recorder = _Recorder(book, hider, given, first.after.flow)
    for turn in own:
        recorder.add(turn)
    recorder.finish()
    day = recorder.local(first.context.now).date()
    return Recording(
        write_talk_test(recorder.flow, day, recorder.given, recorder.talk),
        recorder.flow,
        tuple(recorder.kept),
        tuple(recorder.strays),
    )


class _Recorder:
    """The lines so far, and the paper friend with whom they were walked."""

    def __init__(self, book: Book, hider: Hider, given: dict[str, Any], flow: str) -> None:
        self.book, self.flow, self.given = book, flow, given
        self.talk: list[tuple[str, Any]] = []
        self.kept: list[str] = []
        self.strays: list[int] = []
        self._hider = hider
        self._lines: list[tuple[str, Any]] = []  # without what is expected
        self._friend = self._walked([])
        self._watch: CardWatch | None = None
        self._there: dict[str, tuple[str, Run]] = {}

    def local(self, moment: datetime) -> datetime:
        """A moment as the talk's tests write it."""
        return self.book.house.calendar(None).local(moment)

    def add(self, turn: Cause) -> None:
        """One more turn: its lines, and what is expected then."""
        before = _places(self._friend.runs)
        self._watch = self._watch or CardWatch(_before_it(turn.first[0]))
        lines = self._time(turn.at)
        if turn.parts:
            lines += [self._hidden_change(line) for line in self._watch.changes(turn.first)]
        for part in turn.parts:
            self._watch.note(part)
            self._there |= {each.run_id: (each.after.flow, each.after) for each in part}
        candidates = self._candidates(turn)
        wanted = _places([run for _, run in self._there.values()])
        chosen = self._first_that_leads(lines, candidates, wanted)
        self._lines += chosen
        self.talk += chosen
        self._keep_in_mind(turn, candidates, chosen)
        self._expect(before)
        if _places(self._friend.runs) != wanted:
            self.strays.append(len(self.talk))

    def finish(self) -> None:
        """The tags at the end."""
        tags = {"tags": sorted(self._friend.tags)}
        if self.talk and self.talk[-1][0] == "expect":
            self.talk[-1] = ("expect", {**self.talk[-1][1], **tags})
        else:
            self.talk.append(("expect", tags))

    def _time(self, at: datetime) -> list[tuple[str, Any]]:
        moment = minute(self.local(at))
        if moment == minute(self.local(self._friend.now)):
            return []
        return [("wait", {"until": moment})]

    def _hidden_change(self, line: TalkLine) -> tuple[str, Any]:
        if line.kind != "set":
            return line.kind, line.value
        values = {
            path: self._hider.on_card(path.removeprefix("field."), value)
            for path, value in line.value.items()
        }
        return line.kind, values

    def _candidates(self, turn: Cause) -> list[list[tuple[str, Any]]]:
        line = turn.line
        if line is None:
            return [[]]
        if line.kind == "user":
            return [[("user", text)] for text in self._hider.said(line.value, turn.first)]
        if line.kind == "tap":
            return [[("tap", line.value)], [("user", line.value)]]
        if line.kind == "pick":
            ((kind, value),) = line.value.items()
            return [[("pick", {kind: v})] for v in self._hider.picked(value, turn.first)]
        if line.kind == "event" and isinstance(line.value, Mapping):
            hidden = {k: self._hider.mask.text(str(v)) for k, v in line.value.items()}
            return [[("event", hidden)]]
        return [[(line.kind, line.value)]]

    def _first_that_leads(
        self, lines: list[tuple[str, Any]], candidates: list[list[tuple[str, Any]]], wanted: Places
    ) -> list[tuple[str, Any]]:
        """The first that leads to the places where the talk was; the last when none does."""
        for candidate in candidates:
            friend = self._walked([*self._lines, *lines, *candidate])
            if _places(friend.runs) == wanted:
                break
        self._friend = friend
        return [*lines, *candidate]

    def _walked(self, lines: Sequence[tuple[str, Any]]) -> PaperFriend:
        given = read_given(nodes.from_json(self.given), Reading(Problems(), ""))
        friend = PaperFriend(self.book, given or Given())
        for kind, value in lines:
            try:
                do_line(friend, kind, nodes.from_json(value))
            except CannotDo:
                continue
        return friend

    def _keep_in_mind(
        self, turn: Cause, candidates: list[list[tuple[str, Any]]], chosen: list[tuple[str, Any]]
    ) -> None:
        """Words that had to stay, because a flow looks into them."""
        is_last = len(candidates) > 1 and chosen[-1:] == candidates[-1]
        if turn.line is not None and turn.line.kind in {"user", "pick"} and is_last:
            self.kept.append(str(chosen[-1][1]))

    def _expect(self, before: Places) -> None:
        friend = self._friend
        after = _places(friend.runs)
        changed = [flow for flow in after if after[flow] != before.get(flow)]
        wrong = _newest(friend, self.flow)
        if not changed and (wrong is None or not wrong[1].wrong):
            return
        flow = self.flow if self.flow in changed or not changed else changed[-1]
        found = _newest(friend, flow)
        if found is None:
            return
        run, frame = found
        if not frame.state:  # it waits until it may begin
            return
        told: dict[str, Any] = {} if flow == self.flow else {"flow": flow}
        told |= {"ended": run.end} if run.status == "ended" else {"state": frame.state}
        if run.status != "ended" and frame.wrong:
            told["retries"] = frame.wrong
        if friend.people == "asked":
            told["handoff"] = friend.queue
        self.talk.append(("expect", told))


def _newest(friend: PaperFriend, flow: str) -> tuple[Run, Frame] | None:
    run = friend.live(flow)
    frames = [frame for frame in run.frames if frame.flow == flow] if run is not None else []
    return (run, frames[-1]) if run is not None and frames else None


def _places(runs: Sequence[Run]) -> Places:
    return {
        run.flow: (tuple(f"{frame.state}:{frame.phase}" for frame in run.frames), run.end)
        for run in runs
        if run.id != LEFT  # a called flow that is over, which only tests still know
    }


def _before_it(turn: RecordedTurn) -> Facts:
    """The card before a turn: the tag with which it began was not there yet."""
    facts, event = turn.context.facts, turn.event
    return replace(facts, tags=facts.tags - {event.tag}) if isinstance(event, Tagged) else facts


def _given(
    book: Book, hider: Hider, turns: Sequence[Sequence[RecordedTurn]], start: datetime
) -> dict[str, Any]:
    context, house = turns[0][0].context, book.house
    local = house.calendar(None).local
    facts = _before_it(turns[0][0])
    given: dict[str, Any] = {
        "name": NAME if facts.name else "",
        "now": minute(local(start)),
    }
    if facts.tags:
        given["tags"] = sorted(facts.tags)
    fields = {key: hider.on_card(key, value) for key, value in sorted(facts.fields.items())}
    if fields:
        given["fields"] = fields
    if context.past:
        given["past"] = [
            {"flow": run.flow, "end": run.end, "at": minute(local(run.started_at))}
            for run in context.past
        ]
    picks = [pick for turn in turns for pick in turn[0].context.picks]
    if picks:
        given["random"] = picks
    if any(each.context.is_fresh_done for turn in turns for each in turn):
        given["reopen_within"] = "1h"
    return given
