"""The shapes of the answers about the bot's health."""

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
    page,
    table,
)

HEALTH_SCHEMAS: dict[str, Schema] = {
    "bot_health": table(
        items=list_of(a("bot_health_flow")), next={"type": "null"}, days=NUMBER, since=MOMENT,
        unanswered=NUMBER, alone=NUMBER, longest_since=MAYBE_MOMENT, longest_id=MAYBE_TEXT,
    ),
    "bot_health_flow": table(
        id=TEXT, title=TEXT, version=NUMBER, file=MAYBE_TEXT, runs=a("flow_runs"),
        worst=or_null(a("flow_step")),
    ),
    "flow_health": table(
        flow=TEXT, title=TEXT, file=MAYBE_TEXT, version=MAYBE_NUMBER, versions=list_of(NUMBER),
        published=MAYBE_NUMBER, days=NUMBER, since=MOMENT, runs=a("flow_runs"),
        steps=list_of(a("flow_step")),
    ),
    "flow_runs": table(
        begun=NUMBER, running=NUMBER, finished=NUMBER, dropped=NUMBER, cut_off=NUMBER,
        handed_off=NUMBER, called=NUMBER, median_s=MAYBE_NUMBER, p90_s=MAYBE_NUMBER,
    ),
    "flow_step": table(
        step=TEXT, verb=MAYBE_TEXT, text=TEXT, is_named=YES_NO, reached=NUMBER, here=NUMBER,
        on=NUMBER, left=NUMBER, cut_off=NUMBER, answered=NUMBER, retried=NUMBER, wrong=NUMBER,
        gave_up=NUMBER, timed_out=NUMBER, unanswered=NUMBER,
    ),
    "flow_talk_page": page("flow_talk"),
    "flow_talk": table(
        run_id=TEXT, conversation_id=TEXT, customer_name=TEXT, flow_id=TEXT, title=TEXT,
        version=NUMBER, step=MAYBE_TEXT, started_at=MOMENT, at=MOMENT, why=MAYBE_TEXT,
        wrong=NUMBER, words=MAYBE_TEXT,
    ),
}  # fmt: skip
