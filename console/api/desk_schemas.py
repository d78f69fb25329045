"""The shapes of the answers about the rules of the counter and who is at it."""

from console.api.people_schemas import ROLE
from console.api.schema_parts import (
    MAYBE_MOMENT,
    MAYBE_NUMBER,
    MAYBE_TEXT,
    NUMBER,
    TEXT,
    TEXTS,
    YES_NO,
    Schema,
    a,
    list_of,
    page,
    table,
)

_WAYS: Schema = list_of({"enum": ["owner", "sticky", "round_robin", "least_busy"]})
_COLLEAGUE: dict[str, Schema] = {
    "id": TEXT, "name": TEXT, "role": ROLE,
    "state": {"enum": ["there", "away", "out", "offline"]},
    "is_receiving": YES_NO, "out_until": MAYBE_MOMENT, "open_count": NUMBER,
    "queues": {"type": ["array", "null"], "items": TEXT},
}  # fmt: skip

DESK_SCHEMAS: dict[str, Schema] = {
    "desk_rules": table(
        version=NUMBER, changed_at=MAYBE_MOMENT, changed_by=MAYBE_TEXT, may_change=YES_NO,
        house=a("desk_rule"), queues=list_of(a("desk_queue")),
    ),
    "desk_queue": table(
        queue=TEXT, hours=MAYBE_TEXT, is_open=YES_NO, accounts=TEXTS, rule=a("desk_rule")
    ),
    "desk_rule": table(
        first_minutes=MAYBE_NUMBER, next_minutes=MAYBE_NUMBER,
        hours={"enum": ["open", "always", None]},
        assign={**_WAYS, "type": ["array", "null"]}, most_open=MAYBE_NUMBER,
        return_minutes=MAYBE_NUMBER, reopen_minutes=MAYBE_NUMBER,
        reopen_to={"enum": ["person", "queue", None]},
    ),
    "colleague": table(**_COLLEAGUE),
    "colleague_changed": table(**_COLLEAGUE, moved=NUMBER),
    "colleague_page": page("colleague"),
}  # fmt: skip
