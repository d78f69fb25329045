"""The shapes of the answers about flows."""

from typing import get_args

from console.api.schema_parts import (
    COUNTS,
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
from flows.language.fates import Kind
from flows.language.past_talks.replay import GROUPS

_SEVERITY: Schema = {"enum": ["E", "W", "I"]}
_TEXT_MAP: Schema = {"type": "object", "additionalProperties": TEXT}
_NAMES: Schema = {"type": "object", "additionalProperties": TEXTS}
_OUTCOMES: dict[str, Schema] = dict.fromkeys(GROUPS, NUMBER)
_FATES: Schema = {
    "type": "object",
    "propertyNames": {"enum": list(get_args(Kind))},
    "additionalProperties": NUMBER,
}

FLOW_SCHEMAS: dict[str, Schema] = {
    "flow_page": table(
        items=list_of(a("flow")), next={"type": "null"}, files=list_of(a("flow_other_file")),
        problems=list_of(a("problem")), folder_hash=TEXT, is_shared_changed=YES_NO, since=MOMENT,
    ),
    "flow": table(
        id=TEXT, title=TEXT, file=MAYBE_TEXT, triggers=list_of(a("flow_trigger")), running=NUMBER,
        finished=NUMBER, dropped=NUMBER, handed_off=NUMBER, problems=a("problem_counts"),
        published=or_null(a("flow_version")), differs=YES_NO,
    ),
    "flow_trigger": table(kind=TEXT, texts=TEXTS, match=TEXT, delay_s=MAYBE_NUMBER),
    "flow_other_file": table(file=TEXT, kind=TEXT, problems=a("problem_counts")),
    "flow_file": table(file=TEXT, text=TEXT, hash=TEXT),
    "problem": table(
        file=TEXT, line=NUMBER, column=NUMBER, code=TEXT, severity=_SEVERITY, message=TEXT,
        hint=TEXT, why=TEXT, slip=or_null(table(word=TEXT, near=TEXT)),
    ),
    "problem_counts": table(E=NUMBER, W=NUMBER, I=NUMBER),
    "flow_check": table(
        problems=list_of(a("problem")), summary=a("problem_counts"), flow=MAYBE_TEXT,
        title=MAYBE_TEXT, triggers=list_of(a("flow_trigger")),
        picture=or_null(a("flow_drawing")), card=or_null(table(alt=TEXT, contents=TABLE)),
        names=_NAMES, keys=a("flow_keys"),
    ),
    "flow_keys": table(flow=TEXTS, steps=_NAMES, way=TEXTS, trigger=TEXTS, types=TEXTS),
    "flow_drawing": table(
        first=TEXT, end=TEXT, nodes=list_of(a("flow_node")), edges=list_of(a("flow_edge"))
    ),
    "flow_picture": table(
        first=TEXT, end=TEXT, nodes=list_of(a("flow_node")), edges=list_of(a("flow_edge")),
        standing=COUNTS,
    ),
    "flow_node": table(
        step=TEXT, verb=TEXT, text=TEXT, line=NUMBER, end_line=NUMBER, waits=YES_NO,
        is_named=YES_NO,
    ),
    "flow_edge": table(source=TEXT, target=TEXT, kind=TEXT, text=TEXT),
    "flow_standing": table(standing=COUNTS),
    "flow_trial": table(
        now=MOMENT, items=list_of(a("flow_trial_item")), quick_replies=TEXTS,
        picker=or_null(TABLE), runs=list_of(a("flow_trial_run")), name=TEXT, tags=TEXTS,
        fields=_TEXT_MAP, status=TEXT, people=TEXT, queue=MAYBE_TEXT, note=TEXT, notified=TEXTS,
        stop=or_null(table(line=NUMBER, message=TEXT)),
    ),
    "flow_trial_item": table(who=TEXT, kind=TEXT, text=TEXT, at=MOMENT, flex=or_null(TABLE)),
    "flow_trial_run": table(
        flow=TEXT, status=TEXT, end=MAYBE_TEXT, frames=list_of(a("flow_trial_frame")),
        timers=list_of(table(name=TEXT, at=MOMENT)),
    ),
    "flow_trial_frame": table(
        flow=TEXT, title=TEXT, step=TEXT, phase=TEXT, wrong=NUMBER,
        answers=list_of(table(step=TEXT, value=TEXT, status=MAYBE_TEXT)), vars=_TEXT_MAP,
    ),
    "flow_tests": table(
        cases=list_of(a("flow_test_case")), problems=list_of(a("problem")),
        summary=table(passed=NUMBER, failed=NUMBER),
    ),
    "flow_test_case": table(
        file=TEXT, test=TEXT, name=TEXT, line=NUMBER, ok=YES_NO,
        failures=list_of(
            table(
                line=NUMBER, column=NUMBER, key=TEXT, expected=TEXT, actual=TEXT, message=TEXT
            )
        ),
    ),
    "flow_diff": table(number=MAYBE_NUMBER, lines=list_of(a("flow_diff_line"))),
    "flow_diff_line": table(
        kind={"enum": ["same", "old", "new", "gap"]}, text=TEXT, old=MAYBE_NUMBER,
        new=MAYBE_NUMBER,
    ),
    "flow_changes": table(changed=TEXTS),
    "flow_foresight": table(
        changed=TEXTS, middles=list_of(a("flow_middle")), warnings=list_of(a("problem"))
    ),
    "flow_middle": table(flow=TEXT, title=TEXT, people=NUMBER, fates=_FATES, whys=COUNTS),
    "flow_replay": table(
        flows=list_of(table(flow=TEXT, runs=NUMBER, **_OUTCOMES)),
        examples=list_of(a("flow_replay_example")),
        summary=table(runs=NUMBER, unknown_inputs=NUMBER, **_OUTCOMES),
    ),
    "flow_replay_example": table(
        run=TEXT, flow=TEXT, group={"enum": list(GROUPS)}, turn=NUMBER, step=TEXT, before=TEXT,
        after=TEXT, unknown_inputs=NUMBER,
    ),
    "flow_version": table(
        number=MAYBE_NUMBER, title=TEXT, note=MAYBE_TEXT, operator_name=MAYBE_TEXT, at=MOMENT
    ),
    "flow_version_page": page("flow_version"),
    "flow_version_text": table(number=NUMBER, title=TEXT, text=TEXT),
    "faq_draft_page": table(items=list_of(a("faq_draft")), next={"type": "null"}),
    "faq_draft": table(
        entry=MAYBE_TEXT, entry_ask=MAYBE_TEXT, ask=TEXTS, answer=MAYBE_TEXT, count=NUMBER,
        questions=list_of(a("faq_question")),
    ),
    "faq_question": table(id=NUMBER, text=TEXT, outcome=TEXT, conversation_id=TEXT, at=MOMENT),
}  # fmt: skip
