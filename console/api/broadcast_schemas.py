"""The shapes of the answers about broadcasts."""

from console.api.schema_parts import (
    COUNTS,
    MAYBE_MOMENT,
    MAYBE_NUMBER,
    MAYBE_TEXT,
    MOMENT,
    NUMBER,
    TABLE,
    TEXT,
    YES_NO,
    Schema,
    a,
    list_of,
    page,
    table,
)
from storage.models.broadcasts import WHY_STOPPED

STATUS: Schema = {
    "enum": ["draft", "scheduled", "sending", "paused", "done", "cancelled", "stopped"]
}
WHY: Schema = {"enum": [*WHY_STOPPED, None]}
CALL_STATE: Schema = {"enum": ["pending", "sending", "sent", "unknown", "failed", "cancelled"]}

BROADCAST_SCHEMAS: dict[str, Schema] = {
    "broadcast": table(
        id=TEXT, account=TEXT, title=TEXT, status=STATUS, why_stopped=WHY,
        line_said=MAYBE_TEXT, send_at=MAYBE_MOMENT, checked_at=MAYBE_MOMENT,
        created_by=MAYBE_TEXT, created_by_name=MAYBE_TEXT, created_at=MOMENT, updated_at=MOMENT,
        sent_by=MAYBE_TEXT, sent_by_name=MAYBE_TEXT, began_at=MAYBE_MOMENT, is_frozen=YES_NO,
        ended_at=MAYBE_MOMENT, recipients=NUMBER, sent=NUMBER, unknown=NUMBER, failed=NUMBER,
        cancelled=NUMBER, retried=NUMBER, version=NUMBER,
    ),
    "broadcast_page": page("broadcast"),
    "whole_broadcast": table(
        broadcast=a("broadcast"), messages=list_of(TABLE),
        unknown_calls=list_of(a("broadcast_call")), unknown_count=NUMBER,
        unknown_people=NUMBER,
        failures=list_of(table(reason=MAYBE_TEXT, people=NUMBER)), at=COUNTS,
    ),
    "broadcast_call": table(
        id=NUMBER, broadcast_id=TEXT, number=NUMBER, size=NUMBER, state=CALL_STATE,
        reason=MAYBE_TEXT, tries=NUMBER, first_tried_at=MAYBE_MOMENT, tried_at=MAYBE_MOMENT,
        ended_at=MAYBE_MOMENT, settled_at=MAYBE_MOMENT,
    ),
    "broadcast_picture": table(
        id=TEXT, client_upload_id=TEXT, account=TEXT, name=TEXT, mime=TEXT, size_bytes=NUMBER,
        width=MAYBE_NUMBER, height=MAYBE_NUMBER, message=TABLE,
    ),
    "broadcast_test": table(account=TEXT, name=MAYBE_TEXT),
    "audience": table(
        account=TEXT, count=NUMBER, kind={"enum": ["none", "limited", None]}, most=MAYBE_NUMBER,
        left=MAYBE_NUMBER, reserve=MAYBE_NUMBER, usable=MAYBE_NUMBER, read_at=MAYBE_MOMENT,
        fits=YES_NO,
    ),
    "got_broadcast": table(
        broadcast_id=TEXT, account=TEXT, title=TEXT, state=CALL_STATE, reason=MAYBE_TEXT,
        at=MAYBE_MOMENT,
    ),
    "got_broadcast_page": table(items=list_of(a("got_broadcast")), next={"type": "null"}),
}  # fmt: skip
