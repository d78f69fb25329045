"""The shapes of the API's answers, whole: a key that is not here is not in an answer."""

from typing import Any

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_MAYBE_TEXT: Schema = {"type": ["string", "null"]}
_NUMBER: Schema = {"type": "integer"}
_MAYBE_NUMBER: Schema = {"type": ["integer", "null"]}
_YES_NO: Schema = {"type": "boolean"}
_TABLE: Schema = {"type": "object"}
_MOMENT: Schema = {"type": "string", "format": "date-time"}
_MAYBE_MOMENT: Schema = {"type": ["string", "null"], "format": "date-time"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_COUNTS: Schema = {"type": "object", "additionalProperties": _NUMBER}
_STATUS: Schema = {"enum": ["bot", "waiting", "active", "pending", "snoozed", "done"]}
_SENDER: Schema = {"enum": ["customer", "bot", "operator", "system"]}
_ROLE: Schema = {"enum": ["viewer", "operator", "supervisor", "manager"]}
_DELIVERY: Schema = {
    "enum": [
        "pending", "sent", "inferred_sent", "maybe_sent", "unknown", "rejected", "cancelled", None
    ]
}  # fmt: skip
_MEDIA_STATE: Schema = {"enum": ["pending", "ready", "expired", "too_large", "failed", "unsent"]}


def _object(*left_out: str, **properties: Schema) -> Schema:
    """A table of exactly these keys. left_out: those that may be missing."""
    required = [name for name in properties if name not in left_out]
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _a(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _list(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def _page(of: str) -> Schema:
    """One page; `next` is the cursor of the page after it, `at` where the streams were."""
    following: Schema = {"type": ["string", "integer", "null"]}
    return _object("at", items=_list(_a(of)), next=following, at=_COUNTS)


SCHEMAS: dict[str, Schema] = {
    "conversation": _object(
        id=_TEXT, account=_TEXT, customer_id=_TEXT, customer_name=_TEXT, picture_url=_MAYBE_TEXT,
        is_blocked=_YES_NO, status=_STATUS, assignee_id=_MAYBE_TEXT, assignee_name=_MAYBE_TEXT,
        queue=_MAYBE_TEXT, epoch=_NUMBER, free_reply_until=_MAYBE_MOMENT, last_seq=_NUMBER,
        unseen_count=_NUMBER, waiting_since=_MAYBE_MOMENT, snoozed_until=_MAYBE_MOMENT,
        has_handoff=_YES_NO, trouble=_MAYBE_TEXT, last_message=_or_null(_a("last_message")),
        tags=_TEXTS, updated_at=_MOMENT, version=_NUMBER,
    ),
    "last_message": _object(seq=_NUMBER, sender=_SENDER, kind=_TEXT, text=_MAYBE_TEXT, at=_MOMENT),
    "message": _object(
        id=_TEXT, conversation_id=_TEXT, seq=_NUMBER, sender=_SENDER, operator_id=_MAYBE_TEXT,
        operator_name=_MAYBE_TEXT, client_msg_id=_MAYBE_TEXT, kind=_TEXT, content=_TABLE,
        text=_MAYBE_TEXT, origin={"type": ["object", "null"]}, delivery_id=_MAYBE_NUMBER,
        delivery=_DELIVERY, delivery_reason=_MAYBE_TEXT, cost={"enum": ["free", "push", None]},
        media=_or_null(_a("media")), unsent_at=_MAYBE_MOMENT, at=_MOMENT,
    ),
    "media": _object(
        id=_TEXT, state=_MEDIA_STATE, mime=_MAYBE_TEXT, file_name=_MAYBE_TEXT,
        size_bytes=_MAYBE_NUMBER,
    ),
    "note": _object(
        id=_TEXT, conversation_id=_TEXT, client_note_id=_TEXT, text=_TEXT, operator_id=_TEXT,
        operator_name=_MAYBE_TEXT, at=_MOMENT,
    ),
    "handoff": _object(
        id=_TEXT, conversation_id=_TEXT, queue=_MAYBE_TEXT, asked_at=_MOMENT,
        notify_at=_MAYBE_MOMENT, taken_at=_MAYBE_MOMENT, resolved_at=_MAYBE_MOMENT, reason=_TABLE,
        note=_MAYBE_TEXT, answers=_list(_TABLE), open_question=_MAYBE_TEXT,
    ),
    "customer": _object(
        id=_TEXT, name=_MAYBE_TEXT, own_name=_MAYBE_TEXT, display_name=_MAYBE_TEXT,
        owner_id=_MAYBE_TEXT, fields=_TABLE, tags=_list(_a("customer_tag")),
        friends=_list(_a("friend")), version=_NUMBER,
    ),
    "customer_tag": _object(tag=_TEXT, at=_MOMENT, reason=_TABLE),
    "friend": _object(
        account=_TEXT, line_user_id=_TEXT, display_name=_MAYBE_TEXT, picture_url=_MAYBE_TEXT,
        blocked=_YES_NO, followed_at=_MAYBE_MOMENT,
    ),
    "run": _object(
        id=_TEXT, conversation_id=_TEXT, flow=_TEXT, title=_TEXT, version=_NUMBER,
        row_version=_NUMBER, step=_MAYBE_TEXT, status=_TEXT, end=_MAYBE_TEXT, started_at=_MOMENT,
        ended_at=_MAYBE_MOMENT,
    ),
    "actor": _object(
        "id", "name", kind={"enum": ["customer", "bot", "system", "operator"]}, id=_TEXT,
        name=_TEXT,
    ),
    "timeline_item": _object(
        at=_MOMENT, kind=_TEXT, actor=_a("actor"), conversation_id=_MAYBE_TEXT, data=_TABLE
    ),
    "operator": _object(id=_TEXT, name=_TEXT, role=_ROLE),
    "conversation_page": _page("conversation"),
    "message_page": _page("message"),
    "note_page": _page("note"),
    "timeline_page": _page("timeline_item"),
    "operator_page": _page("operator"),
    "detail": _object(
        conversation=_a("conversation"), customer=_a("customer"),
        handoff=_or_null(_a("handoff")), run=_or_null(_a("run")), at=_COUNTS,
    ),
    "counts": _object(views=_COUNTS, queues=_COUNTS),
    "session": _object(
        "phone_url", operator=_a("own_operator"), csrf_token=_TEXT, phone_url=_MAYBE_TEXT
    ),
    "own_operator": _object(
        "queues", id=_TEXT, name=_TEXT, email=_TEXT, role=_ROLE,
        language={"enum": ["ja", "en", None]}, queues={"type": ["array", "null"], "items": _TEXT},
    ),
    "house": _object(
        accounts=_list(_object(id=_TEXT, name=_TEXT, mode={"enum": ["economy", "strict"]})),
        queues=_TEXTS, tags=_TEXTS, fields=_list(_a("field")),
        flows=_list(_object(id=_TEXT, title=_TEXT, version=_NUMBER, form=_YES_NO)),
        timezone=_TEXT, time=_MOMENT,
    ),
    "field": _object(
        key=_TEXT, title=_TEXT, type=_TEXT, options=_TEXTS, personal=_YES_NO
    ),
    "form": _object(address=_TEXT),
    "empty": _object(),
    "document": _TABLE,
    "error": _object(error=_object("details", code=_TEXT, message=_TEXT, details={})),
}  # fmt: skip
