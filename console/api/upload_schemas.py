"""The shapes of answers about files that staff give."""

from console.api.schema_parts import (
    MAYBE_MOMENT,
    MAYBE_NUMBER,
    MOMENT,
    NUMBER,
    TABLE,
    TEXT,
    Schema,
    table,
)

UPLOAD_SCHEMAS: dict[str, Schema] = {
    "upload": table(
        id=TEXT, client_upload_id=TEXT, conversation_id=TEXT,
        kind={"enum": ["image", "video", "audio", "file"]},
        name=TEXT, mime=TEXT, size_bytes=NUMBER, width=MAYBE_NUMBER, height=MAYBE_NUMBER,
        duration_ms=MAYBE_NUMBER, created_at=MOMENT, expires_at=MAYBE_MOMENT, message=TABLE,
    ),
}  # fmt: skip
