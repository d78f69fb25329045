"""The shapes of what staff write before it goes out, and of what the month has left."""

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
    or_null,
    page,
    table,
)

KIND: Schema = {"enum": ["reply", "note"]}

DRAFTING_SCHEMAS: dict[str, Schema] = {
    "quota": table(
        id=TEXT, account=TEXT, kind={"enum": ["none", "limited", None]}, most=MAYBE_NUMBER,
        used=MAYBE_NUMBER, left=MAYBE_NUMBER, read_at=MAYBE_MOMENT,
    ),
    "quota_page": page("quota"),
    "opening": table(open=YES_NO, at=MAYBE_MOMENT),
    "own_draft": table(
        id=TEXT, conversation_id=TEXT, kind=KIND, text=TEXT, device=TEXT,
        others=list_of(a("other_text")), shared=YES_NO, updated_at=MOMENT, version=NUMBER,
    ),
    "other_text": table(device=TEXT, text=TEXT, at=MOMENT),
    "shared_draft": table(
        id=TEXT, conversation_id=TEXT, operator_id=TEXT, operator_name=MAYBE_TEXT, kind=KIND,
        text=TEXT, shared=YES_NO, to=MAYBE_TEXT, updated_at=MOMENT, version=NUMBER,
    ),
    "drafts_of_talk": table(
        reply=or_null(a("own_draft")), note=or_null(a("own_draft")),
        shared=list_of(a("shared_draft")), at=COUNTS,
    ),
    "own_draft_page": page("own_draft"),
    "taken_draft": table(kind=KIND, text=TEXT),
    "scheduled": table(
        id=TEXT, conversation_id=TEXT, operator_id=TEXT, operator_name=MAYBE_TEXT,
        client_msg_id=TEXT, messages=list_of(TABLE), files=list_of(a("planned_file")),
        text=MAYBE_TEXT, send_at=MOMENT,
        stops_on_reply=YES_NO, state={"enum": ["waiting", "sent", "stopped", "deleted"]},
        reason={"enum": ["replied", "blocked", "sender_gone", None]}, created_at=MOMENT,
        ended_at=MAYBE_MOMENT, version=NUMBER,
    ),
    "planned_file": table(
        "id", "until", "duration_ms", id=TEXT, name=TEXT,
        kind={"enum": ["image", "video", "audio", "file"]},
        size_bytes=NUMBER, duration_ms=NUMBER, until=MAYBE_MOMENT,
    ),
    "scheduled_page": page("scheduled"),
}  # fmt: skip
