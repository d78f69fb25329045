"""The shapes of the answers about the supervisor's view and the reports."""

from console.api.schema_parts import (
    COUNTS,
    MAYBE_MOMENT,
    MAYBE_NUMBER,
    MAYBE_TEXT,
    MOMENT,
    NUMBER,
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
from storage.delivery_failures import WHICH

MAYBE_AVERAGE: Schema = {"type": ["number", "null"]}
THERE: Schema = {"enum": ["here", "away", "gone"]}

WATCH_SCHEMAS: dict[str, Schema] = {
    "watch": table(
        tiles=a("watch_tiles"), satisfaction=or_null(a("satisfaction")),
        people=list_of(a("seat")), waits=list_of(a("conversation")),
        due=list_of(a("conversation")), at=COUNTS, time=MOMENT,
    ),
    "watch_tiles": table(
        waiting=NUMBER, alone=NUMBER, after_hours=NUMBER, handed_today=NUMBER, at_risk=NUMBER,
        late=NUMBER, longest_since=MAYBE_MOMENT, longest_id=MAYBE_TEXT, failures=NUMBER,
    ),
    "satisfaction": table(
        flow=TEXT, step=TEXT, days=NUMBER, answers=NUMBER, average=MAYBE_AVERAGE
    ),
    "seat": table(
        operator_id=TEXT, name=TEXT, role=TEXT, there=THERE, is_receiving=YES_NO, is_out=YES_NO,
        active=NUMBER, pending=NUMBER, oldest_since=MAYBE_MOMENT, seen_at=MAYBE_MOMENT,
        talk_id=MAYBE_TEXT, talk_name=MAYBE_TEXT, is_composing=YES_NO,
    ),
    "failure_page": page("failure"),
    "failure": table(
        id=NUMBER, account=TEXT, conversation_id=TEXT, customer_name=TEXT, at=MOMENT,
        kind={"enum": list(WHICH[1:])}, tries=NUMBER, message=or_null(a("message")),
    ),
    "aside_page": page("aside"),
    "aside": table(
        id=NUMBER, account=TEXT, kind=TEXT, conversation_id=MAYBE_TEXT, customer_name=MAYBE_TEXT,
        received_at=MOMENT, at=MAYBE_MOMENT, tries=NUMBER, reason=TEXT,
    ),
    "upkeep": table(
        backup_at=MAYBE_MOMENT, restore_test_at=MAYBE_MOMENT, is_backup_old=YES_NO,
        is_restore_test_old=YES_NO, makes_its_own=YES_NO,
    ),
    "report": table(
        **{"from": TEXT}, by=TEXT, to=TEXT, zone=TEXT, columns=TEXTS, whole=a("report_row"),
        items=list_of(a("report_row")), next={"type": "null"}, lag=a("report_lag"), time=MOMENT,
    ),
    "report_row": table(
        key=TEXT, label=TEXT,
        counts={"type": "object", "additionalProperties": MAYBE_NUMBER},
        times={"type": "object", "additionalProperties": or_null(a("report_times"))},
    ),
    "report_times": table(
        count=NUMBER, mean_s=MAYBE_NUMBER, median_s=MAYBE_NUMBER, p90_s=MAYBE_NUMBER
    ),
    "report_lag": table(entries=NUMBER, is_filling=YES_NO),
    "report_talk_page": page("report_talk"),
    "report_talk": table(
        conversation_id=TEXT, account_id=TEXT, customer_name=TEXT, status=TEXT, when=TEXT,
        count=NUMBER,
    ),
    "report_file": table(name=TEXT, text=TEXT),
    "question_page": table(
        items=list_of(a("question")), next={"type": "null"}, chosen=or_null(a("question_name"))
    ),
    "question": table(
        flow=TEXT, title=TEXT, step=TEXT, text=TEXT, answers=NUMBER, average=MAYBE_AVERAGE,
        values=list_of(a("question_value")), trend=list_of(a("question_part")), is_chosen=YES_NO,
    ),
    "question_value": table(value=TEXT, label=TEXT, count=NUMBER),
    "question_part": table(**{"from": TEXT}, answers=NUMBER, average=MAYBE_AVERAGE),
    "question_name": table(flow=TEXT, step=TEXT),
    "question_choice": table(chosen=or_null(a("question_name"))),
    "answer_page": page("answer"),
    "answer": table(
        conversation_id=TEXT, account_id=TEXT, customer_name=TEXT, value=TEXT, at=MOMENT
    ),
}  # fmt: skip
