"""What happened in a recorded talk, as the lines of a test: what the friend, staff and time did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flows.language.book import Book
from flows.language.effects import PutTag, SetField, TakeTag
from flows.language.events import (
    CameBy,
    Clicked,
    Event,
    Followed,
    Happened,
    Released,
    Said,
    Scheduled,
    Sent,
    StartedByHand,
    Tagged,
    Taken,
    Tapped,
)
from flows.language.faq_steps import ASK_STAFF, option_label
from flows.language.grammar.talk_files import SENDABLE
from flows.language.past_talks.recorded import RecordedTurn
from flows.language.routing import label_of_tap
from flows.language.run import Run
from flows.language.words import Facts


@dataclass(frozen=True, slots=True)
class TalkLine:
    """One line of a talk: its key and its value, still with the personal data in it."""

    kind: str
    value: Any


def line_of(book: Book, turn: Sequence[RecordedTurn]) -> TalkLine | None:
    """What began a turn; None for what follows by itself, as time passes or from effects."""
    event = turn[0].event
    match event:
        case Said():
            return TalkLine("user", event.text)
        case Tapped():
            return _tap(book, turn, event)
        case Sent() if event.kind in SENDABLE:
            return TalkLine("send", event.kind)
        case Released():
            return TalkLine("operator", "done" if event.how == "resolved" else "return")
        case _:
            return _plain_line(event)


def _plain_line(event: Event) -> TalkLine | None:
    match event:
        case Followed():
            return TalkLine("event", "follow")
        case Taken():
            return TalkLine("operator", "take")
        case Clicked() | CameBy() | Scheduled() | StartedByHand():
            return _named_line(event)
        case Tagged() if event.flow is None:
            return TalkLine("tag", event.tag)
        case Happened() if not event.is_after_delay and event.name != "chat_resolved":
            return TalkLine("event", {"name": event.name, **event.data})
        case _:
            return None


def _named_line(event: Clicked | CameBy | Scheduled | StartedByHand) -> TalkLine:
    match event:
        case Clicked():
            return TalkLine("click", event.link)
        case CameBy():
            return TalkLine("qr", event.source)
        case Scheduled():
            return TalkLine("schedule", event.flow)
        case StartedByHand():
            return TalkLine("start", event.flow)


def _tap(book: Book, turn: Sequence[RecordedTurn], event: Tapped) -> TalkLine | None:
    runs = [*turn[0].others, *(each.before for each in turn if each.before is not None)]
    if event.picked:
        kind, value = next(iter(event.picked.items()))
        return TalkLine("pick", {kind: value.replace("T", " ")})
    if not event.data.startswith("f="):
        return TalkLine("postback", event.data)
    label = label_of_tap(book, _once(runs), event.data)
    if label is None:
        return None
    return TalkLine("tap", label if label == ASK_STAFF else option_label(label))


def _once(runs: Sequence[Run]) -> list[Run]:
    """Of a run that the turn changed, and that stood beside another, the one."""
    return list({run.id: run for run in runs}.values())


class CardWatch:
    """What staff and the world outside changed on the card between the turns."""

    def __init__(self, start: Facts) -> None:
        self._tags, self._fields = set(start.tags), dict(start.fields)

    def changes(self, turn: Sequence[RecordedTurn]) -> list[TalkLine]:
        """What somebody else changed before this turn; the event itself may have put a tag on."""
        facts, event = turn[0].context.facts, turn[0].event
        put = sorted(facts.tags - self._tags)
        if isinstance(event, Tagged):
            put = [tag for tag in put if tag != event.tag]
        gone = self._tags - facts.tags
        if isinstance(event, Tagged) and event.flow is None:
            gone |= self._tags & {event.tag}  # it was not there, or nothing would have happened
        lines = [TalkLine("tag", tag) for tag in put]
        lines += [TalkLine("untag", tag) for tag in sorted(gone)]
        fields = {key: facts.fields.get(key) for key in {*facts.fields, *self._fields}}
        changed = {k: v for k, v in fields.items() if v != self._fields.get(k)}
        if changed:
            lines.append(TalkLine("set", {f"field.{k}": changed[k] for k in sorted(changed)}))
        self._tags, self._fields = set(facts.tags), dict(facts.fields)
        return lines

    def note(self, turn: Sequence[RecordedTurn]) -> None:
        """What the flows changed themselves in this turn."""
        for effect in (effect for each in turn for effect in each.effects):
            match effect:
                case PutTag():
                    self._tags.add(effect.tag)
                case TakeTag():
                    self._tags.discard(effect.tag)
                case SetField():
                    self._fields[effect.key] = effect.value


def minute(moment: datetime) -> str:
    """A local moment as tests write it."""
    return moment.strftime("%Y-%m-%d %H:%M")
