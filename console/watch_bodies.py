"""What browsers send about reports and the supervisor's view."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from console.bodies import Body, Id, Name, NoteText


class ReportFile(Body):
    """POST /reports/files: a table as a file. `from` and `to` are days, both included."""

    since: date = Field(alias="from")
    to: date
    account: Name | None = None
    by: Literal["day", "hour", "operator", "tag", "flow", "queue", "account", "answers"]


class Satisfaction(Body):
    """PUT /reports/satisfaction: the question that says how content customers are."""

    flow: Name
    step: Name


class Sending(Body):
    """PUT /accounts/<id>/sending: what a manager decides about one account's sending."""

    reserve_percent: Annotated[int, Field(ge=0, le=100)]
    shows_loading: bool
    marks_read: bool


class Whisper(Body):
    """POST /conversations/<id>/whispers: a note that is shown at once to whoever holds the talk."""

    client_note_id: Id
    text: NoteText
