"""The shapes of the answers about saved replies."""

from console.api.schema_parts import (
    MAYBE_MOMENT,
    MAYBE_TEXT,
    MOMENT,
    NUMBER,
    TEXT,
    YES_NO,
    Schema,
    a,
    list_of,
    table,
)

REPLY_SCHEMAS: dict[str, Schema] = {
    "saved_reply": table(
        id=TEXT, account=MAYBE_TEXT, title=TEXT, text=TEXT, shortcut=MAYBE_TEXT, uses=NUMBER,
        used_at=MAYBE_MOMENT, updated_at=MOMENT, updated_by=MAYBE_TEXT, version=NUMBER,
        may_change=YES_NO,
    ),
    "saved_reply_page": table(
        items=list_of(a("saved_reply")), next={"type": "null"}, may_share=YES_NO
    ),
    "filled_reply": table(text=TEXT, missing=list_of(a("hole"))),
    "hole": table(start=NUMBER, end=NUMBER, name=TEXT),
    "reply_preview": table(
        text=TEXT, missing=list_of(a("hole")), units=NUMBER,
        problems=list_of(a("placeholder_problem")),
    ),
    "placeholder_problem": table(
        start=NUMBER, end=NUMBER, line=NUMBER, column=NUMBER, message=TEXT
    ),
}  # fmt: skip
