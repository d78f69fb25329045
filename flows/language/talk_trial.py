"""A talk with a draft, tried out: what was said so far goes in, what the phone shows comes out.

Nothing is kept between two looks: the whole talk is walked again each time, so a draft that was
changed in the middle is met from its beginning. The lines are those of a test file.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from flows.language.book import Book
from flows.language.cannot import CannotDo, why_of
from flows.language.conditions import Missing
from flows.language.durations import parse_duration
from flows.language.effects import Picker
from flows.language.grammar.primitives import Reading
from flows.language.grammar.talk_files import Given, Line, read_given, read_talk
from flows.language.nodes import Scalar, Table, from_json
from flows.language.problems import Problem, Problems
from flows.language.run import Frame, Run
from flows.language.sayings.catalogue import say
from flows.language.sayings.saying import Language, Saying
from flows.language.talk_seen import Seen
from flows.language.talk_tests import do_line
from flows.language.talk_world import PaperFriend
from flows.language.templates import show

LONGEST_WAIT = timedelta(days=400)
UNSEEN = frozenset({"expiry"})  # the built-in 30 days


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the talk. who: friend, bot, staff or none; kind: the talk's key, else `say`.

    flex: LINE's contents of a card as JSON; the text then stands for it in lists.
    """

    who: str
    kind: str
    text: str
    at: datetime
    flex: str = ""

    def to_json(self) -> dict[str, Any]:
        """The shape that the console shows."""
        contents = json.loads(self.flex) if self.flex else None
        return {**asdict(self), "at": self.at.isoformat(), "flex": contents}


@dataclass(frozen=True, slots=True)
class Stop:
    """Where the talk could not go on: the number of the line, and why."""

    line: int
    about: Saying


@dataclass(frozen=True, slots=True)
class Trial:
    """The phone, and what the product knows, after the last line."""

    friend: PaperFriend
    items: tuple[Item, ...]
    notified: tuple[str, ...]
    stop: Stop | None = None

    def to_json(self, language: Language = "ja") -> dict[str, Any]:
        """The shape that the console shows; moments are RFC 3339."""
        friend = self.friend
        picker = friend.picker()
        return {
            "now": friend.now.isoformat(),
            "items": [item.to_json() for item in self.items],
            "quick_replies": [option.label for option in friend.offered()],
            "picker": _picker(picker) if picker is not None else None,
            "runs": [_run(friend, run) for run in friend.runs],
            "name": friend.name,
            "tags": sorted(friend.tags),
            "fields": {key: show(value) for key, value in sorted(friend.fields.items())},
            "status": friend.status,
            "people": friend.people,
            "queue": friend.queue,
            "note": friend.note,
            "notified": list(self.notified),
            "stop": self.stop
            and {
                "line": self.stop.line,
                "message": say(self.stop.about, language),
            },
        }


def read_lines(
    given: dict[str, Any], talk: Sequence[dict[str, Any]]
) -> tuple[Given, tuple[Line, ...], tuple[Problem, ...]]:
    """How a talk begins and what happens in it, from plain values; problems when it is not one."""
    problems = Problems()
    reading = Reading(problems, "")
    begun = read_given(from_json(given), reading) or Given()
    lines = tuple(line for line in read_talk(from_json(list(talk)), reading))
    return begun, lines, problems.sorted()


def try_talk(book: Book, given: Given, lines: Sequence[Line]) -> Trial:
    """Walk through a talk; it stops at the first line that cannot be done."""
    friend = PaperFriend(book, given)
    begun, items, notified = friend.now, list[Item](), list[str]()
    for number, line in enumerate(lines):
        friend.seen = Seen()
        items.extend(_done(line, friend.now))
        try:
            _check_wait(friend, line, begun + LONGEST_WAIT)
            do_line(friend, line.kind, line.value)
        except (CannotDo, RecursionError) as error:
            return Trial(friend, tuple(items[:-1]), tuple(notified), Stop(number, why_of(error)))
        items.extend(_said(friend.seen))
        notified.extend(friend.seen.notified)
    return Trial(friend, tuple(items), tuple(notified))


def _check_wait(friend: PaperFriend, line: Line, last: datetime) -> None:
    """A clock that runs for a century would be a long look at nothing."""
    if line.kind != "wait":
        return
    until = line.value.get("until") if isinstance(line.value, Table) else None
    if isinstance(until, Scalar):
        length = friend.moment(until.text) - friend.now
    else:
        text = line.value.text if isinstance(line.value, Scalar) else ""
        length = parse_duration(text) or timedelta()
    if length > last - friend.now:
        raise CannotDo("clock_too_far", days=LONGEST_WAIT.days)


def _done(line: Line, now: datetime) -> Iterator[Item]:
    who = {"user": "friend", "tap": "friend", "pick": "friend", "send": "friend"}.get(line.kind, "")
    value = line.value
    if isinstance(value, Scalar):
        text = value.text
    else:
        texts = value.entries if isinstance(value, Table) else ()
        text = next((e.value.text for e in texts if isinstance(e.value, Scalar)), "")
        who = "staff" if line.kind == "operator" else who
    yield Item(who, line.kind, text, now)


def _said(seen: Seen) -> Iterator[Item]:
    for bubble, at in zip(seen.bubbles, seen.moments, strict=True):
        yield Item("bot", "say", bubble.text, at, bubble.flex)


def _picker(picker: Picker) -> dict[str, Any]:
    return {key: value for key, value in asdict(replace(picker, data="")).items() if key != "data"}


def _run(friend: PaperFriend, run: Run) -> dict[str, Any]:
    timers = sorted(run.timers, key=lambda timer: timer.at)
    return {
        "flow": run.flow,
        "status": run.status,
        "end": run.end,
        "frames": [_frame(friend, frame) for frame in run.frames],
        "timers": [
            {"name": timer.name, "at": timer.at.isoformat()}
            for timer in timers
            if timer.name not in UNSEEN and run.status != "ended"
        ],
    }


def _frame(friend: PaperFriend, frame: Frame) -> dict[str, Any]:
    flow = friend.book.version(frame.hash).flow
    return {
        "flow": frame.flow,
        "title": flow.title.text,
        "step": frame.state,
        "phase": frame.phase,
        "wrong": frame.wrong,
        "answers": [
            {"step": step, "value": "" if isinstance(a, Missing) else show(a),
             "status": a.status if isinstance(a, Missing) else None}
            for step, a in frame.answers.items()
        ],
        "vars": {name: show(value) for name, value in frame.vars.items()},
    }  # fmt: skip
