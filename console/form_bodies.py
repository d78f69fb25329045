"""What the forms of the managers' files send: a text as it is being written, and what to change."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from console.bodies import Body, FlowText
from flows.language.rewriting.steps import Change, Insert, Move, Put, Remove, Rename, SetDay

Key = Annotated[str, StringConstraints(max_length=1000)]
Step = Annotated[int, Field(ge=0, le=100_000)] | Key
At = Annotated[list[Step], Field(min_length=1, max_length=6)]
Content = Annotated[str, StringConstraints(max_length=20_000)]
Flat = Content | Annotated[list[Content], Field(max_length=1000)]
Inner = Flat | dict[Key, Flat]
Value = Inner | dict[Key, Inner]


class PutPart(Body):
    """A value in its place; what is not there yet is added."""

    do: Literal["put"]
    at: At
    value: Value

    def as_change(self) -> Change:
        """The same for the language."""
        return Put(self.at, _plain(self.value))


class RemovePart(Body):
    """A key or an item taken out."""

    do: Literal["remove"]
    at: At

    def as_change(self) -> Change:
        """The same for the language."""
        return Remove(self.at)


class InsertPart(Body):
    """One more item; the last step of `at` is its number."""

    do: Literal["insert"]
    at: At
    value: Value

    def as_change(self) -> Change:
        """The same for the language."""
        return Insert(self.at, _plain(self.value))


class MovePart(Body):
    """An item at another place of its list."""

    do: Literal["move"]
    at: At
    to: Annotated[int, Field(ge=0, le=100_000)]

    def as_change(self) -> Change:
        """The same for the language."""
        return Move(self.at, self.to)


class RenamePart(Body):
    """Another name for a key."""

    do: Literal["rename"]
    at: At
    to: Key

    def as_change(self) -> Change:
        """The same for the language."""
        return Rename(self.at, self.to)


class DayPart(Body):
    """The hours of one day of the week."""

    do: Literal["day"]
    day: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    hours: Flat

    def as_change(self) -> Change:
        """The same for the language."""
        return SetDay(self.day, _plain(self.hours))


Part = Annotated[
    PutPart | RemovePart | InsertPart | MovePart | RenamePart | DayPart, Field(discriminator="do")
]


class FormChange(FlowText):
    """POST /flows/forms/write: the parts to change, one after the other."""

    change: Annotated[list[Part], Field(max_length=50)]


class FormMonth(FlowText):
    """POST /flows/forms/month. month: `2026-12`; without it, the one that it is now."""

    month: Annotated[str, StringConstraints(pattern=r"^(19|20|21)\d\d-(0[1-9]|1[0-2])$")] | None = (
        None
    )


class FormQuestion(FlowText):
    """POST /flows/forms/ask: what a customer might write."""

    question: Annotated[str, StringConstraints(pattern=r"\S", max_length=1000)]


def _plain(value: Any) -> Any:
    """Texts, lists and maps, as pydantic has checked them."""
    return value
