"""What may stand in a test for what a friend really said: samples, the most hidden one first.

A label, a keyword or another word of the flows' own is nobody's and stays. Everything else has a
sample that hides all of it, and where a flow looks into the words, one that hides what is personal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flows.language.book import Book, House
from flows.language.checks.walk_flow import texts_to_type
from flows.language.conditions import Missing
from flows.language.effects import LookedUp
from flows.language.grammar.shapes import Ask
from flows.language.masking import Mask
from flows.language.normalise import normalise
from flows.language.past_talks.recorded import RecordedTurn
from flows.language.templates import show
from flows.language.words import Value

POSTCODE = "100-0001"
SURE = frozenset({"yesno", "choice", "multi", "number", "time", "datetime"})


@dataclass(frozen=True, slots=True)
class Hider:
    """Samples for one talk: the same value always has the same one."""

    book: Book
    mask: Mask
    own_words: frozenset[str]

    def said(self, text: str, turn: Sequence[RecordedTurn]) -> list[str]:
        """A text that the friend typed."""
        if normalise(text) in self.own_words:
            return [text]
        asked, value = _answered(self.book, turn)
        if asked is not None and value is not None and not isinstance(value, Missing):
            typed = self._typed(asked, text, value)
            if typed:
                return typed
        return [
            *_known_by_letters(self.book.house, turn),
            self.mask.words(text),
            self.mask.text(text),
        ]

    def picked(self, value: str, turn: Sequence[RecordedTurn]) -> list[str]:
        """What the friend chose with a picker."""
        asked, _ = _answered(self.book, turn)
        if asked is not None and asked.type == "date" and self._is_personal(asked):
            return [_first_of(value), value]
        return [value]

    def on_card(self, key: str, value: Value) -> str:
        """A field of the card."""
        text, field = show(value), self.book.house.fields.get(key)
        type_ = field.type if field is not None else "text"
        if type_ == "email":
            return self.mask.mail(text)
        if type_ == "postcode":
            return POSTCODE
        if type_ == "text":
            return self.mask.words(text) if text else ""
        if type_ == "date" and field is not None and field.is_personal:
            return _first_of(text)
        is_number = type_ == "phone" or (field is not None and field.is_personal)
        return self.mask.number(text) if is_number else text

    def _typed(self, asked: Ask, text: str, value: Value) -> list[str]:
        match asked.type:
            case "phone":
                return [self.mask.number(text)]
            case "email":
                return [self.mask.mail(text)]
            case "postcode":
                return [POSTCODE]
            case "date" if self._is_personal(asked):
                return [_first_of(show(value)), text]
            case "number" if self._is_personal(asked):
                return [self.mask.number(text), text]
            case type_ if type_ in SURE or type_ == "date":
                return [text]
            case _:
                return []

    def _is_personal(self, asked: Ask) -> bool:
        path = asked.save.text if asked.save is not None else ""
        field = self.book.house.fields.get(path.removeprefix("field."))
        return field is not None and field.is_personal


def hider_for(book: Book, name: str, flows: Sequence[str]) -> Hider:
    """For a talk with somebody of this name, through these versions."""
    versions = [*book.flows(), *(book.version(hash_) for hash_ in flows)]
    own = {word for version in versions for word in texts_to_type(version.flow)}
    own |= _asked_of_faq(book.house)
    return Hider(book, Mask((name,)), frozenset(normalise(word) for word in own))


def _asked_of_faq(house: House) -> set[str]:
    return {ask.text for faq in house.faqs.values() for entry in faq.entries for ask in entry.ask}


def _known_by_letters(house: House, turn: Sequence[RecordedTurn]) -> list[str]:
    """What asks for the same, where an encoder knew what was meant: a test has none."""
    looked_up = [e for each in turn for e in each.effects if isinstance(e, LookedUp)]
    found = (house.faq_entry(e.entry or "") for e in looked_up if e.by == "encoder")
    return [entry.ask[0].text for entry in found if entry is not None][:1]


def _first_of(text: str) -> str:
    """Another day of the same year."""
    return f"{text[:4]}-01-01"


def _answered(book: Book, turn: Sequence[RecordedTurn]) -> tuple[Ask | None, Any]:
    """The question that a turn answered, and the value; None for one that it did not accept."""
    for each in turn:
        before = each.before
        version = book.find(before.top.hash) if before is not None else None
        if before is None or version is None or not before.has_question:
            continue
        body, state = version.steps[before.top.state].body, before.top.state
        frame = each.after.frames[min(len(before.frames), len(each.after.frames)) - 1]
        is_wrong = frame.state == state and frame.wrong > before.top.wrong
        if isinstance(body, Ask):
            return body, None if is_wrong else frame.answers.get(state)
    return None, None
