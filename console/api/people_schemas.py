"""The shapes of the answers about people at the console."""

from console.api.schema_parts import (
    MAYBE_MOMENT,
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

ROLE: Schema = {"enum": ["viewer", "operator", "supervisor", "manager"]}
LINK_KIND: Schema = {"enum": ["invitation", "password"]}

PEOPLE_SCHEMAS: dict[str, Schema] = {
    "person": table(
        id=TEXT, name=MAYBE_TEXT, email=TEXT, role=ROLE, accounts=TEXTS, queues=TEXTS,
        is_joined=YES_NO, is_disabled=YES_NO, codes_on=YES_NO, link_until=MAYBE_MOMENT,
        seen_at=MAYBE_MOMENT, version=NUMBER,
    ),
    "staff_page": table(items=list_of(a("person")), next={"type": "null"}, codes_needed_by=TEXTS),
    "person_link": table(person=a("person"), link=a("one_time_link")),
    "one_time_link": table(kind=LINK_KIND, address=TEXT, expires_at=MOMENT),
    "role_rules": table(codes_needed_by=TEXTS),
    "joining": table(kind=LINK_KIND, email=TEXT, name=MAYBE_TEXT),
    "joined": table(email=TEXT),
    "own_account": table(
        name=TEXT, email=TEXT, role=ROLE, codes_on=YES_NO, codes_needed=YES_NO,
        recovery_left=NUMBER,
    ),
    "preferences": {"type": "object", "additionalProperties": TABLE},
    "preference": TABLE,
    "new_csrf": table(csrf_token=TEXT),
    "own_session_page": page("own_session"),
    "own_session": table(
        id=TEXT, device=MAYBE_TEXT, address=MAYBE_TEXT, since=MOMENT, used_at=MOMENT,
        is_this=YES_NO,
    ),
    "new_codes": table(secret=TEXT, qr=TEXT),
    "recovery_codes": table(recovery_codes=TEXTS),
    "deed_page": page("deed"),
    "deed": table(
        id=NUMBER, at=MOMENT, kind=TEXT,
        actor=table(
            kind={"enum": ["operator", "command", "nobody"]}, id=MAYBE_TEXT, name=MAYBE_TEXT
        ),
        target=or_null(table(id=TEXT, name=MAYBE_TEXT)), address=MAYBE_TEXT, params=TABLE,
    ),
}  # fmt: skip
