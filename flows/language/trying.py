"""A talk in a terminal: lines in, text out, under a virtual clock. Nothing is read or printed here.

What does not begin with `:` is what the friend types; a number taps a button. The rest are the
clock, the staff, and a look behind the counter.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from flows.language.book import Book
from flows.language.cannot import CannotDo, why_of
from flows.language.durations import parse_duration
from flows.language.events import (
    Clicked,
    Event,
    Followed,
    Happened,
    Said,
    Sent,
    StartedByHand,
    Tagged,
    Tapped,
)
from flows.language.grammar.talk_files import SENDABLE, Given
from flows.language.normalise import to_ascii_forms
from flows.language.problems import did_you_mean
from flows.language.sayings.catalogue import say
from flows.language.sayings.saying import Language, Saying, saying
from flows.language.showing_talk import state_lines, takes_digits, turn_lines
from flows.language.talk_seen import Seen
from flows.language.talk_world import PaperFriend

Deed = Callable[[PaperFriend], None]
Reader = Callable[[PaperFriend, str], Deed]  # what a command means: the rest of its line
MOST_WAKES = 200  # of one `:wait`: flows that remind for ever


class Tryout:
    """One talk that is being tried. flow_id: the flow that it begins with, if any."""

    def __init__(
        self, book: Book, given: Given, flow_id: str | None = None, language: Language = "ja"
    ) -> None:
        self.is_over = False
        self.language = language
        self._flow_id = flow_id
        self._friend = PaperFriend(book, given)
        self._before: list[PaperFriend] = []

    def begin(self) -> str:
        """What starts the flow, done once; with only texts to start it, an invitation to type."""
        event = _first_event(self._friend.book, self._flow_id)
        if event is None:
            return say(saying("try.type_first"), self.language)
        told = say(saying("try.begins", by=_beginning(event)), self.language)
        return "\n".join([told, self._do(lambda friend: friend.happens(event))])

    def enter(self, line: str) -> str:
        """One line; the text to show for it."""
        text = line.strip()
        word, _, rest = text.partition(" ")
        if not text:
            return ""
        try:
            if word in _ASIDE:
                return _ASIDE[word](self)
            return self._do(self._meant(text, word, rest.strip()))
        except CannotDo as refusal:
            return say(saying("try.refused", why=why_of(refusal)), self.language)

    def undo(self) -> str:
        """Back to before the last line that did something."""
        if not self._before:
            raise CannotDo("try.nothing_before")
        self._friend = self._before.pop()
        return self._told(saying("try.undone"), *state_lines(self._friend, is_whole=True))

    def state(self) -> str:
        """Where everything stands."""
        return self._told(*state_lines(self._friend, is_whole=True))

    def quit(self) -> str:
        """The end."""
        self.is_over = True
        return self._told(saying("try.over"))

    def help(self) -> str:
        """What can be typed."""
        return self._told(saying("try.help"))

    def _meant(self, text: str, word: str, rest: str) -> Deed:
        if word in _COMMANDS:
            return _COMMANDS[word](self._friend, rest)
        number = to_ascii_forms(text.removeprefix(":"))
        if number.isdigit() and (text.startswith(":") or self._taps_by_number(text)):
            return _tap(self._friend, int(number))
        if text.startswith(":"):
            hint = did_you_mean(word, [*_COMMANDS, *_ASIDE]) or saying("try.see_help")
            raise CannotDo("try.no_command", word=word, hint=hint)
        labels = {option.label: option.data for option in self._friend.offered()}
        event: Event = Tapped(labels[text]) if text in labels else Said(text)
        return lambda friend: friend.happens(event)

    def _taps_by_number(self, text: str) -> bool:
        """A bare number taps, unless it is a label itself or the question takes typed digits."""
        options = self._friend.offered()
        is_label = any(option.label == text for option in options)
        return bool(options) and not is_label and not takes_digits(self._friend)

    def _do(self, deed: Deed) -> str:
        before = self._friend
        after = before.copy()
        after.seed += 1
        told = list(_happenings(after, deed))
        self._before.append(before)
        self._friend = after
        return self._told(*told, *state_lines(after))

    def _told(self, *lines: Saying) -> str:
        return "\n".join(say(line, self.language) for line in lines)


def _happenings(friend: PaperFriend, deed: Deed) -> Iterator[Saying]:
    """What the deed does, then what becomes due until the clock stands where it was put."""
    wanted = _WaitTo.of(deed)
    if wanted is None:
        friend.seen = Seen()
        deed(friend)
        yield from turn_lines(friend)
        return
    for _ in range(MOST_WAKES):
        moment = friend.next_moment()
        if moment is None or moment > wanted:
            break
        friend.seen = Seen()
        friend.wait_until(moment)
        yield from turn_lines(friend)
    friend.wait_until(wanted)


class _WaitTo:
    """Time passes until a moment: told step by step, each with its own time."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self, friend: PaperFriend) -> None:
        friend.wait_until(self.moment)

    @staticmethod
    def of(deed: Deed) -> datetime | None:
        return deed.moment if isinstance(deed, _WaitTo) else None


def _first_event(book: Book, flow_id: str | None) -> Event | None:
    version = book.head(flow_id) if flow_id is not None else None
    if version is None or flow_id is None:
        return None
    for trigger in version.flow.triggers:
        first = trigger.texts[0].text if trigger.texts else ""
        match trigger.kind:
            case "follow":
                return Followed()
            case "keyword":
                return Said(first)
            case "event":
                return Happened(first)
            case "message" | "off_hours":
                return None
            case _:
                continue
    return StartedByHand(flow_id)


def _beginning(event: Event) -> Saying:
    match event:
        case Followed():
            return saying("try.by_follow")
        case Said():
            return saying("try.by_word", word=event.text)
        case Happened():
            return saying("try.by_event", name=event.name)
        case _:
            return saying("try.by_staff")


def _tap(friend: PaperFriend, number: int) -> Deed:
    options = friend.offered()
    if not 1 <= number <= len(options):
        if not options:
            raise CannotDo("try.no_buttons")
        raise CannotDo("try.no_button", number=number, count=len(options))
    data = options[number - 1].data
    return lambda other: other.happens(Tapped(data))


def _wait(friend: PaperFriend, rest: str) -> Deed:
    length = parse_duration(to_ascii_forms(rest))
    if length is None:
        raise CannotDo("try.how_to_wait")
    return _WaitTo(friend.now + length)


def _pick(friend: PaperFriend, rest: str) -> Deed:
    picker = friend.picker()
    if picker is None or picker.kind not in {"date", "time", "datetime"}:
        raise CannotDo("no_picker")
    if not rest:
        raise CannotDo("try.how_to_pick")
    picked = Tapped(picker.data, {picker.kind: rest.replace(" ", "T")})
    return lambda other: other.happens(picked)


def _send(_friend: PaperFriend, rest: str) -> Deed:
    if rest not in SENDABLE:
        raise CannotDo("try.how_to_send", kinds=SENDABLE)
    return lambda other: other.happens(Sent(rest, f"sample-{rest}"))


def _start(friend: PaperFriend, rest: str) -> Deed:
    if friend.book.head(rest) is None:
        known = friend.book.heads
        hint = did_you_mean(rest, known) or saying("try.known", known=tuple(known))
        raise CannotDo("try.no_flow", name=rest, hint=hint)
    return lambda other: other.happens(StartedByHand(rest))


def _tag(_friend: PaperFriend, rest: str) -> Deed:
    def do(other: PaperFriend) -> None:
        is_new = rest not in other.tags
        other.tags.add(rest)
        if is_new:
            other.happens(Tagged(rest))

    return do


def _untag(_friend: PaperFriend, rest: str) -> Deed:
    return lambda other: other.tags.discard(rest)


def _happen(
    event_of: Callable[[str], Event],
) -> Reader:
    def read(_friend: PaperFriend, rest: str) -> Deed:
        return lambda other: other.happens(event_of(rest))

    return read


_ASIDE: Mapping[str, Callable[[Tryout], str]] = {
    ":help": Tryout.help,
    ":state": Tryout.state,
    ":undo": Tryout.undo,
    ":quit": Tryout.quit,
}
_COMMANDS: Mapping[str, Reader] = {
    ":wait": _wait,
    ":pick": _pick,
    ":send": _send,
    ":follow": _happen(lambda _rest: Followed()),
    ":event": _happen(Happened),
    ":postback": _happen(Tapped),
    ":click": _happen(Clicked),
    ":start": _start,
    ":tag": _tag,
    ":untag": _untag,
    ":take": lambda _friend, _rest: PaperFriend.person_takes,
    ":done": lambda _friend, _rest: PaperFriend.person_is_done,
}
