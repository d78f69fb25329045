"""The shapes of the answers about notices."""

from console.api.schema_parts import (
    MAYBE_MOMENT,
    MAYBE_NUMBER,
    MAYBE_TEXT,
    MOMENT,
    NUMBER,
    TEXT,
    YES_NO,
    Schema,
    a,
    list_of,
    or_null,
    table,
)
from storage.notice_rules import OCCASIONS

NOTICE_SCHEMAS: dict[str, Schema] = {
    "notice": table(
        id=NUMBER, account=TEXT, conversation_id=MAYBE_TEXT, occasion={"enum": list(OCCASIONS)},
        customer_name=MAYBE_TEXT, queue=MAYBE_TEXT, text=MAYBE_TEXT, by=MAYBE_TEXT, count=NUMBER,
        at=MOMENT, seen_at=MAYBE_MOMENT, is_quiet=YES_NO,
    ),
    "notice_page": table(items=list_of(a("notice")), next={"type": "null"}, unseen=NUMBER),
    "notice_means": table(
        push=table(
            public_key=TEXT, is_on=YES_NO, fate={"enum": ["sent", "later", "refused", None]},
            fate_at=MAYBE_MOMENT,
        ),
        line=or_null(a("operator_friend")),
        accounts=list_of(
            table(id=TEXT, name=TEXT, basic_id=MAYBE_TEXT, left=MAYBE_NUMBER, is_spare=YES_NO)
        ),
    ),
    "operator_friend": table(
        account=TEXT, name=MAYBE_TEXT, is_blocked=YES_NO, since=MOMENT, told_today=NUMBER,
        held_back={"enum": ["cap", "quota", "blocked", None]}, delivery=MAYBE_TEXT,
        delivery_reason=MAYBE_TEXT,
    ),
    "friend_code": table(
        code=TEXT, text=TEXT, address=MAYBE_TEXT, qr=MAYBE_TEXT, expires_at=MOMENT
    ),
}  # fmt: skip
