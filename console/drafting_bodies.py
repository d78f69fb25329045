"""What browsers send of drafts and of messages for later, checked at the door."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from console.bodies import MAX_SEQ, Body, Id, Send, Text
from flows.line.limits import TEXT_UNITS

MOST_UNSENT = 4 * TEXT_UNITS  # what is too long to be sent is kept all the same
Kind = Literal["reply", "note"]
DraftText = Annotated[str, StringConstraints(max_length=MOST_UNSENT)]
Version = Annotated[int, Field(ge=0, le=MAX_SEQ)]


class DraftSave(Body):
    """PUT /conversations/<id>/draft. base: the version that this page had seen."""

    kind: Kind
    text: DraftText
    device: Id
    base: Version = 0


class DraftSettle(Body):
    """POST /conversations/<id>/draft/settle: take another page's text, or drop it."""

    kind: Kind
    device: Id
    takes: bool


class DraftShare(Body):
    """POST /conversations/<id>/draft/share. to: the colleague whom it is handed to."""

    kind: Kind
    shared: bool
    to: Id | None = None


class DraftTake(Body):
    """POST /conversations/<id>/draft/take."""

    draft_id: Id


class NewScheduled(Body):
    """POST /conversations/<id>/scheduled: as a reply, for a later moment."""

    client_msg_id: Id
    text: Text | None = None
    messages: Annotated[list[dict[str, Any]], Field(min_length=1, max_length=20)] | None = None
    send_at: AwareDatetime
    stops_on_reply: bool = True
    quoted_seq: Annotated[int, Field(ge=0, le=MAX_SEQ)] | None = None

    def as_messages(self) -> list[dict[str, Any]]:
        """LINE's messages. Raises ValueError for what cannot be sent."""
        return Send(
            client_msg_id=self.client_msg_id, text=self.text, messages=self.messages, seen_seq=0
        ).as_messages()


class ScheduledChange(Body):
    """PATCH /scheduled/<id>; a key that is left out stays as it is."""

    version: Version
    text: Text | None = None
    send_at: AwareDatetime | None = None
    stops_on_reply: bool | None = None


class ScheduledVersion(Body):
    """DELETE /scheduled/<id> and POST /scheduled/<id>/send."""

    version: Version
