"""What browsers send about saved replies."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from console.bodies import MAX_SEQ, Body, Id
from flows.line.limits import TEXT_UNITS, count_units
from storage.saved_replies import Written


def _within_line(text: str) -> str:
    """LINE counts UTF-16 units, in which most emoji are two."""
    if count_units(text) > TEXT_UNITS:
        raise ValueError(f"at most {TEXT_UNITS} UTF-16 units")
    return text


Draft = Annotated[str, StringConstraints(max_length=4 * TEXT_UNITS)]
LineText = Annotated[
    str, StringConstraints(pattern=r"\S", max_length=TEXT_UNITS), AfterValidator(_within_line)
]
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Shortcut = Annotated[str, StringConstraints(pattern=r"^[^\s/／]+$", max_length=20)]
Version = Annotated[int, Field(ge=1, le=MAX_SEQ)]


class ReplyText(Body):
    """POST /saved-replies/preview: a text as it is being written, of any length."""

    text: Draft
    account: Id | None = None


class NewReply(Body):
    """POST /saved-replies. account null: for every account."""

    title: Title
    text: LineText
    shortcut: Shortcut | None = None
    account: Id | None = None

    def as_written(self) -> Written:
        """The same for the storage."""
        return Written(self.title, self.text, self.shortcut, self.account)


class ReplyChange(NewReply):
    """PUT /saved-replies/<id>. version: of what was read."""

    version: Version


class ReplyRemoval(Body):
    """DELETE /saved-replies/<id>."""

    version: Version
