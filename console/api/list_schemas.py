"""The shapes of the answers about lists of talks: saved views, and how many talks fared at once."""

from console.api.schema_parts import (
    COUNTS,
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
    table,
)

LIST_SCHEMAS: dict[str, Schema] = {
    "bulk_outcomes": table(items=list_of(a("bulk_outcome"))),
    "bulk_outcome": table(
        id=TEXT, code=TEXT, message=MAYBE_TEXT, conversation=or_null(a("conversation"))
    ),
    "list_query": table(
        view=TEXT, account=MAYBE_TEXT, queue=MAYBE_TEXT, tag=TEXTS, status=TEXTS, assignee=TEXTS,
        waited=MAYBE_NUMBER, unseen=YES_NO, unanswered=YES_NO, sort=TEXT,
    ),
    "saved_view": table(
        id=TEXT, name=TEXT, is_shared=YES_NO, query=a("list_query"), updated_at=MOMENT,
        updated_by=MAYBE_TEXT, version=NUMBER, may_change=YES_NO,
    ),
    "saved_view_page": table(
        items=list_of(a("saved_view")), next={"type": "null"}, counts=COUNTS, at_most=NUMBER,
        may_share=YES_NO,
    ),
}  # fmt: skip
