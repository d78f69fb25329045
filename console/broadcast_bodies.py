"""What browsers send about broadcasts."""

from typing import Annotated, Any

from pydantic import AwareDatetime, Field, StringConstraints

from console.bodies import MAX_SEQ, Body, Id

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Bubbles = Annotated[list[dict[str, Any]], Field(min_length=1, max_length=5)]
Version = Annotated[int, Field(ge=1, le=MAX_SEQ)]


class BroadcastVersion(Body):
    """What is done with the one that was looked at."""

    version: Version


class NewBroadcast(Body):
    """POST /broadcasts. messages: LINE's own shape, text and pictures alone."""

    client_broadcast_id: Id
    account: Id
    title: Title
    messages: Bubbles


class BroadcastChange(BroadcastVersion):
    """PUT /broadcasts/<id>."""

    title: Title
    messages: Bubbles


class BroadcastCopy(Body):
    """POST /broadcasts/<id>/copy."""

    client_broadcast_id: Id
    title: Title


class BroadcastMoment(BroadcastVersion):
    """POST /broadcasts/<id>/schedule. send_at null: now."""

    send_at: AwareDatetime | None = None


class BroadcastTest(BroadcastVersion):
    """POST /broadcasts/<id>/test."""

    client_test_id: Id
