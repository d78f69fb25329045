"""What steps are made of: texts, conditions, effects, ways out, patience. Frozen, with places."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Literal

from flows.language.conditions import Condition
from flows.language.nodes import Scalar
from flows.language.problems import Place
from flows.language.schedules import Schedule
from flows.language.templates import Slot, Template


@dataclass(frozen=True, slots=True)
class Words:
    """A text with holes, where it stands, where its key stands, and each of its holes.

    is_image: it is the address of a picture. flex: it is the card that stands for this text.
    """

    template: Template
    place: Place
    key: Place
    holes: tuple[Place, ...] = ()
    is_image: bool = False
    flex: "FlexFile | None" = None

    def slots(self) -> list[Slot]:
        """The holes, also those inside a card."""
        inside = self.flex.words() if self.flex is not None else ()
        return [*self.template.slots(), *(slot for words in inside for slot in words.slots())]

    def paths(self) -> list[tuple[str, Place]]:
        """What the text looks at, and where that is written."""
        slots = self.template.slots()
        inside = self.flex.words() if self.flex is not None else ()
        deeper = [path for words in inside for path in words.paths()]
        if len(self.holes) != len(slots):  # from a published bundle, which has no places
            return [*((slot.path, self.place) for slot in slots), *deeper]
        own = [
            (slot.path, replace(hole, column=hole.column + slot.path_at))
            for slot, hole in zip(slots, self.holes, strict=True)
        ]
        return [*own, *deeper]


Content = Words | Scalar | str | int | bool | tuple["Content", ...] | Mapping[str, "Content"]
"""A part of a card: LINE's JSON, but texts still have their holes."""


@dataclass(frozen=True, slots=True)
class FlexFile:
    """A card that flows say by its id: LINE's flex message.

    alt: what stands for it in lists and notices. place: of `contents`.
    """

    id: Scalar
    alt: Words
    contents: Content
    place: Place

    def words(self) -> list[Words]:
        """The texts inside the card."""
        return list(_words_in(self.contents))


def _words_in(content: Content) -> Iterator[Words]:
    match content:
        case Words():
            yield content
        case tuple():
            for item in content:
                yield from _words_in(item)
        case Mapping():
            for item in content.values():
                yield from _words_in(item)


@dataclass(frozen=True, slots=True)
class When:
    """A condition, and where each of the names in it stands."""

    condition: Condition
    place: Place
    paths: tuple[Scalar, ...] = ()
    tags: tuple[Scalar, ...] = ()
    segments: tuple[Scalar, ...] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """`set:` of one path: a text, `today`, `now`, or `empty`."""

    path: Scalar
    value: Words
    word: Literal["today", "now", "empty", ""] = ""


@dataclass(frozen=True, slots=True)
class Adding:
    """`add:` to one path: a whole number, which may be negative."""

    path: Scalar
    number: int


@dataclass(frozen=True, slots=True)
class Notice:
    """`notify:`: a message to staff."""

    to: Scalar
    text: Words | None = None


@dataclass(frozen=True, slots=True)
class Effects:
    """What is done, always in this order."""

    tag: tuple[Scalar, ...] = ()
    untag: tuple[Scalar, ...] = ()
    set: tuple[Setting, ...] = ()
    add: tuple[Adding, ...] = ()
    notify: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class WayOut:
    """Effects, texts, then at most one call and one goto. `save` only in other and any_answer."""

    place: Place
    effects: Effects = field(default_factory=Effects)
    say: tuple[Words, ...] = ()
    call: Scalar | None = None
    goto: Scalar | None = None
    save: Scalar | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One labelled answer."""

    label: Scalar
    value: str
    synonyms: tuple[Scalar, ...]
    way: WayOut


@dataclass(frozen=True, slots=True)
class Remind:
    """A reminder of an open question."""

    after: timedelta
    say: tuple[Words, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Timeout:
    """What happens when nobody answers, or nobody takes."""

    after: timedelta
    way: WayOut
    stays: bool = False


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Where the last wrong answer leads: a goto, a handoff, or as a skip."""

    way: WayOut
    handoff: Scalar | None = None
    is_skip: bool = False


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a value must keep to."""

    range: tuple[float, float] | None = None
    between: tuple[str, str] | None = None
    is_integer: bool = False
    min_length: int | None = None
    max_length: int | None = None
    pattern: Scalar | None = None
    places: Mapping[str, Place] = field(default_factory=dict)  # of the value, by key


@dataclass(frozen=True, slots=True)
class Patience:
    """Reminders and time-out; `own_*`: written on the step, so that defaults do not apply."""

    reminds: tuple[Remind, ...] = ()
    timeout: Timeout | None = None
    has_own_remind: bool = False
    has_own_timeout: bool = False


@dataclass(frozen=True, slots=True)
class Trigger:
    """What starts a flow, or what `wait_for` waits for.

    texts: keywords, the postback's data, the tag, the event's name, the link, the source.
    """

    kind: Literal[
        "follow", "message", "off_hours", "manual", "keyword", "postback", "event", "tag_added",
        "url_click", "qr", "schedule",
    ]  # fmt: skip
    place: Place
    texts: tuple[Scalar, ...] = ()
    match: Literal["exact", "starts", "contains"] = "exact"
    delay: timedelta | None = None
    schedule: Schedule | None = None
    segment: Scalar | None = None
