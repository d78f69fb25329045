"""What browsers send to do one thing to many talks."""

from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from console.bodies import MAX_SEQ, Body, Id, Name, Seq

MOST_TALKS = 200
TagName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class TalkSeen(Body):
    """One talk as its row stood on the screen: who answers (epoch), and its last line (seq)."""

    id: Id
    epoch: Annotated[int, Field(ge=0, le=MAX_SEQ)]
    seq: Seq


class GiveThem(Body):
    """To a colleague, to nobody, to another queue."""

    action: Literal["assign"]
    operator_id: Id | None
    queue: Name | None = None


class SnoozeThem(Body):
    """Put aside until a moment."""

    action: Literal["snooze"]
    until: AwareDatetime


class TagThem(Body):
    """Put a tag on their customers, or take it off."""

    action: Literal["tag", "untag"]
    tag: TagName


class MoveThem(Body):
    """What needs nothing else to be known."""

    action: Literal["resolve", "reopen", "wake", "return", "seen", "unseen"]


Deed = GiveThem | SnoozeThem | TagThem | MoveThem


class Bulk(Body):
    """POST /conversations/bulk: at most MOST_TALKS at once."""

    largest_bytes: ClassVar[int] = 64 * 1024

    talks: Annotated[list[TalkSeen], Field(min_length=1, max_length=MOST_TALKS)]
    do: Annotated[Deed, Field(discriminator="action")]
