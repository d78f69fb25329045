"""The shapes of the answers about managers' files as forms."""

from console.api.schema_parts import (
    MAYBE_TEXT,
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

_AT: Schema = {"type": "array", "items": {"type": ["string", "integer"]}}
_KIND: Schema = {"enum": ["tags", "fields", "links", "queues", "faq", "calendar", None]}
_HOURS_KIND: Schema = {"enum": ["closed", "spans", "like", "other"]}
_ROW = {
    "at": _AT, "people": NUMBER, "problems": list_of(a("problem")), "uses": list_of(a("name_use")),
}  # fmt: skip
_FORM = {
    "kind": _KIND, "why": or_null(a("problem")), "unread": TEXTS,
    "sheet": {
        "anyOf": [
            {"type": "null"}, a("tags_sheet"), a("fields_sheet"), a("links_sheet"),
            a("queues_sheet"), a("faq_sheet"), a("calendar_sheet"),
        ]
    },
}  # fmt: skip
_OTHERS = {"problems": list_of(a("problem"))}
_PLAIN = {key: shape for key, shape in _ROW.items() if key != "people"}

FORM_SCHEMAS: dict[str, Schema] = {
    "house_form": table(**_FORM),
    "house_form_written": table(**_FORM, text=TEXT, is_checked=YES_NO),
    "name_use": table(file=TEXT, count=NUMBER),
    "tags_sheet": table(rows=list_of(a("tag_row")), **_OTHERS),
    "tag_row": table(name=TEXT, note=MAYBE_TEXT, **_ROW),
    "fields_sheet": table(rows=list_of(a("field_row")), **_OTHERS),
    "field_row": table(
        key=TEXT, title=TEXT, type=TEXT, options=TEXTS, max=TEXT, personal=YES_NO, **_ROW
    ),
    "links_sheet": table(rows=list_of(a("link_row")), **_OTHERS),
    "link_row": table(key=TEXT, url=TEXT, title=MAYBE_TEXT, is_short=YES_NO, **_ROW),
    "queues_sheet": table(
        rows=list_of(a("queue_row")), default=TEXT, notify_rows=list_of(a("notify_row")),
        has_notify=YES_NO, calendars=TEXTS, **_OTHERS,
    ),
    "queue_row": table(name=TEXT, hours=TEXT, accounts=TEXTS, **_ROW),
    "notify_row": table(name=TEXT, **_PLAIN),
    "faq_sheet": table(id=TEXT, title=TEXT, rows=list_of(a("faq_row")), **_OTHERS),
    "faq_row": table(id=TEXT, ask=TEXTS, answer=TEXT, tag=MAYBE_TEXT, **_ROW),
    "calendar_sheet": table(
        zone=TEXT, week=list_of(a("day_row")), holidays=or_null(a("hours")),
        has_exceptions=YES_NO, rows=list_of(a("exception_row")), **_OTHERS,
    ),
    "day_row": table(day=TEXT, hours=a("hours"), **_PLAIN),
    "exception_row": table(key=TEXT, first=TEXT, last=TEXT, hours=a("hours"), **_ROW),
    "hours": table(
        kind=_HOURS_KIND, spans=list_of(table(start=TEXT, end=TEXT)), like=MAYBE_TEXT, text=TEXT
    ),
    "house_month": table(month=TEXT, today=TEXT, days=list_of(a("month_day"))),
    "month_day": table(
        date=TEXT, hours=TEXTS, why={"enum": ["week", "holiday", "exception"]}, holiday=MAYBE_TEXT
    ),
    "faq_try": table(
        decision={"enum": ["answered", "unsure", "unknown"]},
        entries=list_of(table(file=TEXT, id=TEXT, label=TEXT, answer=TEXT, tag=MAYBE_TEXT)),
        did_you_mean=TEXT, staff=TEXT, has_encoder=YES_NO,
    ),
}  # fmt: skip
