"""The shapes of what staff write before it goes out, and of what the month has left."""

from console.api.schema_parts import (
    MAYBE_MOMENT,
    MAYBE_NUMBER,
    MAYBE_TEXT,
    MOMENT,
    NUMBER,
    TABLE,
    TEXT,
    YES_NO,
    Schema,
    list_of,
    page,
    table,
)

DRAFTING_SCHEMAS: dict[str, Schema] = {
    "quota": table(
        id=TEXT, account=TEXT, kind={"enum": ["none", "limited", None]}, most=MAYBE_NUMBER,
        used=MAYBE_NUMBER, left=MAYBE_NUMBER, read_at=MAYBE_MOMENT,
    ),
    "quota_page": page("quota"),
}  # fmt: skip
