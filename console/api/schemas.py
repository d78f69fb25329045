"""The shapes of the API's answers, whole: a key that is not here is not in an answer."""

from console.api.broadcast_schemas import BROADCAST_SCHEMAS
from console.api.desk_schemas import DESK_SCHEMAS
from console.api.drafting_schemas import DRAFTING_SCHEMAS
from console.api.flow_schemas import FLOW_SCHEMAS
from console.api.form_schemas import FORM_SCHEMAS
from console.api.health_schemas import HEALTH_SCHEMAS
from console.api.list_schemas import LIST_SCHEMAS
from console.api.notice_schemas import NOTICE_SCHEMAS
from console.api.people_schemas import PEOPLE_SCHEMAS, ROLE
from console.api.reply_schemas import REPLY_SCHEMAS
from console.api.schema_parts import (
    COUNTS,
    MAYBE_MOMENT,
    MAYBE_NUMBER,
    MAYBE_TEXT,
    MOMENT,
    NUMBER,
    TABLE,
    TEXT,
    TEXTS,
    YES_NO,
    Schema,
    a,
    list_of,
    or_null,
    page,
    table,
)
from console.api.upload_schemas import UPLOAD_SCHEMAS
from console.api.watch_schemas import WATCH_SCHEMAS

STATUS: Schema = {"enum": ["bot", "waiting", "active", "pending", "snoozed", "done"]}
SENDER: Schema = {"enum": ["customer", "bot", "operator", "system"]}
DELIVERY: Schema = {
    "enum": [
        "pending", "sent", "inferred_sent", "maybe_sent", "unknown", "rejected", "cancelled", None
    ]
}  # fmt: skip
MEDIA_STATE: Schema = {"enum": ["pending", "ready", "expired", "too_large", "failed", "unsent"]}

SCHEMAS: dict[str, Schema] = {
    **BROADCAST_SCHEMAS,
    **DESK_SCHEMAS,
    **DRAFTING_SCHEMAS,
    **FLOW_SCHEMAS,
    **FORM_SCHEMAS,
    **HEALTH_SCHEMAS,
    **LIST_SCHEMAS,
    **NOTICE_SCHEMAS,
    **PEOPLE_SCHEMAS,
    **REPLY_SCHEMAS,
    **WATCH_SCHEMAS,
    **UPLOAD_SCHEMAS,
    "conversation": table(
        "of_operator", of_operator=TEXT,
        id=TEXT, account=TEXT, customer_id=TEXT, customer_name=TEXT, picture_url=MAYBE_TEXT,
        is_blocked=YES_NO, status=STATUS, assignee_id=MAYBE_TEXT, assignee_name=MAYBE_TEXT,
        queue=MAYBE_TEXT, epoch=NUMBER, free_reply_until=MAYBE_MOMENT, last_seq=NUMBER,
        unseen_count=NUMBER, waiting_since=MAYBE_MOMENT, reply_risk_at=MAYBE_MOMENT,
        reply_due_at=MAYBE_MOMENT, snoozed_until=MAYBE_MOMENT,
        has_handoff=YES_NO, trouble=MAYBE_TEXT, last_message=or_null(a("last_message")),
        tags=TEXTS, updated_at=MOMENT, version=NUMBER,
    ),
    "last_message": table(seq=NUMBER, sender=SENDER, kind=TEXT, text=MAYBE_TEXT, at=MOMENT),
    "message": table(
        id=TEXT, conversation_id=TEXT, seq=NUMBER, sender=SENDER, operator_id=MAYBE_TEXT,
        operator_name=MAYBE_TEXT, client_msg_id=MAYBE_TEXT, kind=TEXT, content=TABLE,
        text=MAYBE_TEXT, origin={"type": ["object", "null"]}, delivery_id=MAYBE_NUMBER,
        delivery=DELIVERY, delivery_reason=MAYBE_TEXT, delivery_at=MAYBE_MOMENT,
        cost={"enum": ["free", "push", None]}, undo_until=MAYBE_MOMENT,
        media=or_null(a("media")), quoted_seq=MAYBE_NUMBER, can_quote=YES_NO,
        unsent_at=MAYBE_MOMENT, edited_at=MAYBE_MOMENT, at=MOMENT,
    ),
    "media": table(
        id=TEXT, state=MEDIA_STATE, mime=MAYBE_TEXT, file_name=MAYBE_TEXT,
        size_bytes=MAYBE_NUMBER,
    ),
    "note": table(
        id=TEXT, conversation_id=TEXT, client_note_id=TEXT, text=TEXT, mentions=TEXTS,
        operator_id=TEXT, operator_name=MAYBE_TEXT, at=MOMENT, edited_at=MAYBE_MOMENT,
        deleted_at=MAYBE_MOMENT, deleted_by=MAYBE_TEXT, deleted_by_id=MAYBE_TEXT, version=NUMBER,
    ),
    "mention": table(
        id=TEXT, account=TEXT, conversation_id=TEXT, customer_id=TEXT, customer_name=TEXT,
        picture_url=MAYBE_TEXT, text=TEXT, mentions=TEXTS, operator_id=TEXT,
        operator_name=MAYBE_TEXT, seq=MAYBE_NUMBER, at=MOMENT, edited_at=MAYBE_MOMENT,
        seen_at=MAYBE_MOMENT,
    ),
    "mention_page": {
        **page("mention"),
        "properties": {**page("mention")["properties"], "unseen": NUMBER},
    },
    "unseen_mentions": table(unseen=NUMBER),
    "handoff": table(
        id=TEXT, conversation_id=TEXT, queue=MAYBE_TEXT, asked_at=MOMENT,
        notify_at=MAYBE_MOMENT, taken_at=MAYBE_MOMENT, first_due_at=MAYBE_MOMENT,
        first_replied_at=MAYBE_MOMENT, resolved_at=MAYBE_MOMENT, reason=TABLE,
        note=MAYBE_TEXT, answers=list_of(TABLE), open_question=MAYBE_TEXT,
    ),
    "customer": table(
        id=TEXT, name=MAYBE_TEXT, own_name=MAYBE_TEXT, display_name=MAYBE_TEXT,
        owner_id=MAYBE_TEXT, fields=TABLE, tags=list_of(a("customer_tag")),
        friends=list_of(a("friend")), version=NUMBER,
    ),
    "customer_tag": table(tag=TEXT, at=MOMENT, reason=TABLE),
    "friend": table(
        account=TEXT, line_user_id=TEXT, display_name=MAYBE_TEXT, picture_url=MAYBE_TEXT,
        blocked=YES_NO, followed_at=MAYBE_MOMENT,
    ),
    "run": table(
        id=TEXT, conversation_id=TEXT, flow=TEXT, title=TEXT, version=NUMBER,
        row_version=NUMBER, step=MAYBE_TEXT, status=TEXT, end=MAYBE_TEXT, started_at=MOMENT,
        ended_at=MAYBE_MOMENT,
    ),
    "actor": table(
        "id", "name", kind={"enum": ["customer", "bot", "system", "operator"]}, id=TEXT,
        name=TEXT,
    ),
    "timeline_item": table(
        at=MOMENT, kind=TEXT, actor=a("actor"), conversation_id=MAYBE_TEXT, data=TABLE
    ),
    "operator": table(id=TEXT, name=TEXT, role=ROLE),
    "search_hit": table(
        id=TEXT, kind={"enum": ["message", "note", "customer"]}, account=TEXT,
        conversation_id=MAYBE_TEXT, customer_id=TEXT, customer_name=TEXT, picture_url=MAYBE_TEXT,
        seq=MAYBE_NUMBER, sender={"enum": [*SENDER["enum"], None]}, operator_name=MAYBE_TEXT,
        at=MOMENT, text=TEXT, hits=list_of({**list_of(NUMBER), "minItems": 2, "maxItems": 2}),
    ),
    "search_page": page("search_hit"),
    "conversation_page": page("conversation"),
    "message_page": {
        **page("message"),
        "properties": {**page("message")["properties"], "newer": MAYBE_NUMBER},
    },
    "line_place": table(seq=MAYBE_NUMBER),
    "note_page": page("note"),
    "timeline_page": page("timeline_item"),
    "operator_page": page("operator"),
    "detail": table(
        conversation=a("conversation"), customer=a("customer"),
        handoff=or_null(a("handoff")), run=or_null(a("run")), unseen_from=MAYBE_NUMBER, at=COUNTS,
    ),
    "whole_talk": table(
        detail=a("detail"), messages=a("message_page"), notes=a("note_page"),
        drafts=a("drafts_of_talk"),
    ),
    "counts": table(views=COUNTS, queues=COUNTS),
    "session": table(
        "phone_url", "must_enrol", operator=a("own_operator"), csrf_token=TEXT,
        phone_url=MAYBE_TEXT, must_enrol=YES_NO,
    ),
    "own_operator": table(
        "queues", "accounts", id=TEXT, name=TEXT, email=TEXT, role=ROLE,
        language={"enum": ["ja", "en", None]}, queues={"type": ["array", "null"], "items": TEXT},
        accounts={"type": ["array", "null"], "items": TEXT},
    ),
    "house": table(
        accounts=list_of(table(id=TEXT, name=TEXT, mode={"enum": ["economy", "strict"]})),
        queues=TEXTS, queue_accounts={"type": "object", "additionalProperties": TEXTS},
        tags=TEXTS, fields=list_of(a("field")),
        flows=list_of(table(id=TEXT, title=TEXT, version=NUMBER, form=YES_NO)),
        timezone=TEXT, time=MOMENT, can_send_files=YES_NO,
    ),
    "field": table(
        key=TEXT, title=TEXT, type=TEXT, options=TEXTS, personal=YES_NO
    ),
    "form": table(address=TEXT),
    "empty": table(),
    "document": TABLE,
    "error": table(error=table("details", code=TEXT, message=TEXT, details={})),
}  # fmt: skip
