"""How each address is asked so that it would succeed: its parts, its query, and its body.

The parts of an address are filled by their names, out of `Things`; `PARTS` says where one line
needs another thing. What has no line in `ASKED` is asked without a body.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from typing import Any

from tests import given
from tests.console.conftest import PASSWORD
from tests.console.people import NEW_PASSWORD
from tests.console.test_notices import PUSH
from tests.console.test_uploads import a_picture
from tests.security.things import Things

PART = re.compile(r"<(?:path:)?(\w+)>")
PERIOD = "from=2026-11-01&to=2026-11-24"
RULE = dict.fromkeys(
    ("first_minutes", "next_minutes", "hours", "assign", "most_open", "return_minutes",
     "reopen_minutes", "reopen_to")
)  # fmt: skip


@dataclass(frozen=True)
class Ask:
    """json: of the body; form: in its place; query: behind the address; parts: other things."""

    json: Callable[[Things], Any] = lambda _: {}
    query: Callable[[Things], str] = lambda _: ""
    parts: Mapping[str, str] = field(default_factory=dict)
    form: Callable[[Things], Mapping[str, Any]] | None = None
    headers: Callable[[Things], Mapping[str, str]] = lambda _: {}


PARTS: dict[str, Callable[[Things], str]] = {
    "talk_id": lambda t: t.talk,
    "customer_id": lambda t: t.customer,
    "reply_id": lambda t: t.saved_reply,
    "upload_id": lambda t: t.upload,
    "broadcast_id": lambda t: t.broadcast,
    "call_id": lambda t: t.unknown_call,
    "delivery_id": lambda t: t.delivery,
    "arrival_id": lambda t: t.aside,
    "message_id": lambda t: t.message,
    "scheduled_id": lambda t: t.scheduled,
    "view_id": lambda t: t.view,
    "media_id": lambda t: t.media,
    "note_id": lambda t: t.note,
    "session_id": lambda t: t.session,
    "operator_id": lambda t: t.colleague,
    "account_id": lambda t: t.account,
    "token": lambda t: t.form,
    "tag": lambda _: "見本",
    "flow_id": lambda _: "visit",
    "number": lambda _: "1",
    "file": lambda _: "visit.yaml",
    "role": lambda _: "viewer",
    "name": lambda _: "desk",
}


def _text(t: Things) -> dict[str, Any]:
    return {"file": "visit.yaml", "text": t.flow_text}


def _of_account(t: Things) -> str:
    return f"account={t.account}"


def _reply(t: Things) -> dict[str, Any]:
    return {"title": f"題 {t.number}", "text": "見本", "account": t.account}


def _view(t: Things) -> dict[str, Any]:
    return {"name": f"条件 {t.number}", "query": {"view": "all", "account": t.account}}


def _bulk(t: Things) -> dict[str, Any]:
    return {"talks": [t.seen], "do": {"action": "tag", "tag": "まとめて"}}


_V1 = "/api/v1"
_ONE_BROADCAST = f"{_V1}/broadcasts/<broadcast_id>"
_TALK = f"{_V1}/conversations/<talk_id>"
ASKED: dict[str, Ask] = {
    f"PATCH {_V1}/session": Ask(lambda _: {"language": "en"}),
    f"POST {_V1}/session": Ask(
        lambda t: {"email": f"nobody{t.number}@example.com", "password": "見本"}
    ),
    f"POST {_V1}/session/proof": Ask(lambda _: {"password": PASSWORD}),
    f"PUT {_V1}/me/password": Ask(lambda _: {"old": PASSWORD, "new": NEW_PASSWORD}),
    f"PUT {_V1}/me/preferences/<name>": Ask(lambda _: {"value": {"theme": "dark"}}),
    f"POST {_V1}/me/notices/seen": Ask(lambda t: {"conversation_id": t.notice}),
    f"POST {_V1}/me/notices/test": Ask(lambda _: {"channel": "line"}),
    f"PUT {_V1}/me/push": Ask(lambda _: PUSH),
    f"POST {_V1}/me/line": Ask(lambda t: {"account": t.account}),
    f"PUT {_V1}/me/codes": Ask(lambda t: {"code": t.code}),
    f"DELETE {_V1}/me/codes": Ask(lambda t: t.with_codes),
    f"POST {_V1}/me/codes/recovery": Ask(lambda t: t.with_codes),
    f"GET {_V1}/conversations": Ask(query=_of_account),
    f"POST {_V1}/conversations/bulk": Ask(_bulk),
    f"GET {_V1}/conversations/counts": Ask(query=_of_account),
    f"POST {_TALK}/reopen": Ask(parts={"talk_id": "resolved"}),
    f"POST {_TALK}/wake": Ask(parts={"talk_id": "snoozed"}),
    f"POST {_V1}/saved-views": Ask(_view),
    f"PUT {_V1}/saved-views": Ask(lambda t: {"ids": [t.view]}),
    f"PUT {_V1}/saved-views/<view_id>": Ask(lambda t: {**_view(t), "version": 1}),
    f"DELETE {_V1}/saved-views/<view_id>": Ask(lambda _: {"version": 1}),
    f"POST {_V1}/saved-views/<view_id>/restore": Ask(parts={"view_id": "removed_view"}),
    f"GET {_V1}/search": Ask(query=lambda t: f"q={t.mark}&account={t.account}"),
    f"GET {_TALK}/messages/on": Ask(query=lambda _: "date=2026-11-24"),
    f"POST {_V1}/media/<media_id>/fetch": Ask(parts={"media_id": "failed_media"}),
    f"POST {_TALK}/messages": Ask(
        lambda t: {"client_msg_id": f"c{t.number}", "text": "見本", "seen_seq": 99}
    ),
    f"POST {_TALK}/notes": Ask(lambda t: {"client_note_id": f"c{t.number}", "text": "見本"}),
    f"POST {_TALK}/take": Ask(lambda _: {"epoch": 1}),
    f"POST {_TALK}/assign": Ask(lambda t: {"operator_id": t.colleague, "epoch": 1}),
    f"POST {_TALK}/snooze": Ask(lambda t: {"until": t.later}),
    f"POST {_TALK}/seen": Ask(lambda _: {"seq": 1}),
    f"POST {_TALK}/start": Ask(lambda _: {"flow": "visit"}),
    f"POST {_TALK}/forms": Ask(lambda _: {"flow": "form"}),
    f"PATCH {_V1}/notes/<note_id>": Ask(lambda _: {"text": "直し", "version": 1}),
    f"DELETE {_V1}/notes/<note_id>": Ask(lambda _: {"version": 1}),
    f"GET {_V1}/me/mentions": Ask(query=_of_account),
    f"POST {_V1}/me/mentions/seen": Ask(lambda t: {"conversation_id": t.talk}),
    f"GET {_V1}/saved-replies": Ask(query=_of_account),
    f"POST {_V1}/saved-replies": Ask(_reply),
    f"POST {_V1}/saved-replies/preview": Ask(lambda t: {"text": "見本", "account": t.account}),
    f"PUT {_V1}/saved-replies/<reply_id>": Ask(lambda t: {**_reply(t), "version": 1}),
    f"DELETE {_V1}/saved-replies/<reply_id>": Ask(lambda _: {"version": 1}),
    f"POST {_V1}/saved-replies/<reply_id>/restore": Ask(parts={"reply_id": "removed_reply"}),
    f"POST {_V1}/uploads": Ask(
        form=lambda t: {
            "conversation_id": t.talk,
            "client_upload_id": f"g{t.number}",
            "file": (BytesIO("見本".encode()), "見本.txt"),
        }
    ),
    f"POST {_V1}/broadcasts": Ask(
        lambda t: {
            "client_broadcast_id": f"b{t.number}",
            "account": t.account,
            "title": "見本",
            "messages": [given.HELLO],
        }
    ),
    f"POST {_V1}/broadcasts/pictures": Ask(
        form=lambda t: {
            "account": t.account,
            "client_upload_id": f"p{t.number}",
            "file": (BytesIO(a_picture()), "見本.jpg"),
        }
    ),
    f"PUT {_ONE_BROADCAST}": Ask(
        lambda _: {"version": 1, "title": "見本", "messages": [given.HELLO]}
    ),
    f"DELETE {_ONE_BROADCAST}": Ask(lambda _: {"version": 1}),
    f"POST {_ONE_BROADCAST}/copy": Ask(
        lambda t: {"client_broadcast_id": f"c{t.number}", "title": "見本"}
    ),
    f"POST {_ONE_BROADCAST}/test": Ask(lambda _: {"version": 1, "client_test_id": "t"}),
    f"POST {_ONE_BROADCAST}/schedule": Ask(lambda t: {"version": 1, "send_at": t.later}),
    f"POST {_ONE_BROADCAST}/unschedule": Ask(
        lambda _: {"version": 1}, parts={"broadcast_id": "scheduled_broadcast"}
    ),
    f"POST {_ONE_BROADCAST}/pause": Ask(
        lambda _: {"version": 1}, parts={"broadcast_id": "sending_broadcast"}
    ),
    f"POST {_ONE_BROADCAST}/resume": Ask(
        lambda _: {"version": 1}, parts={"broadcast_id": "paused_broadcast"}
    ),
    f"POST {_ONE_BROADCAST}/cancel": Ask(
        lambda _: {"version": 1}, parts={"broadcast_id": "scheduled_broadcast"}
    ),
    f"POST {_ONE_BROADCAST}/calls/<call_id>/again": Ask(parts={"broadcast_id": "sent_broadcast"}),
    f"POST {_ONE_BROADCAST}/calls/<call_id>/leave": Ask(parts={"broadcast_id": "sent_broadcast"}),
    f"PATCH {_V1}/uploads/<upload_id>": Ask(lambda _: {"name": "別の名前.txt"}),
    f"PATCH {_V1}/customers/<customer_id>": Ask(lambda _: {"fields": {"memo": "見本"}}),
    f"PUT {_V1}/flows/files/<path:file>": Ask(
        lambda t: {"text": t.flow_text, "hash": sha256(t.flow_text.encode()).hexdigest()}
    ),
    f"DELETE {_V1}/flows/files/<path:file>": Ask(
        lambda t: {"hash": sha256((t.house.settings.flows_dir / t.file).read_bytes()).hexdigest()},
        parts={"file": "file"},
    ),
    f"POST {_V1}/flows/check": Ask(_text),
    f"POST {_V1}/flows/try": Ask(_text),
    f"POST {_V1}/flows/test": Ask(_text),
    f"POST {_V1}/flows/diff": Ask(_text),
    f"POST {_V1}/flows/publish": Ask(lambda t: t.something_to_publish()),
    f"POST {_V1}/flows/forms/read": Ask(lambda _: {"file": "tags.yaml", "text": "tags: [新規]\n"}),
    f"POST {_V1}/flows/forms/write": Ask(
        lambda _: {"file": "tags.yaml", "text": "tags: [新規]\n", "change": []}
    ),
    f"POST {_V1}/flows/forms/month": Ask(
        lambda t: {
            "file": "calendars/main.yaml",
            "text": (t.house.settings.flows_dir / "calendars/main.yaml").read_text(),
        }
    ),
    f"POST {_V1}/flows/forms/ask": Ask(
        lambda t: {
            "file": "faq/salon.yaml",
            "question": "駐車場",
            "text": (t.house.settings.flows_dir / "faq/salon.yaml").read_text(),
        }
    ),
    f"POST {_V1}/flows/<flow_id>/foresee": Ask(lambda _: {"number": 1}),
    f"POST {_V1}/flows/<flow_id>/rollback": Ask(lambda _: {"number": 1}),
    f"POST {_V1}/faq/learning/settle": Ask(lambda t: {"ids": [t.question]}),
    f"POST {_V1}/faq/learning/draft": Ask(lambda t: {"ids": [t.question]}),
    f"PUT {_V1}/desk/rules": Ask(lambda t: {"version": t.rules, "house": RULE, "queues": {}}),
    f"PUT {_V1}/desk/people/<operator_id>": Ask(lambda t: {"is_out": True} if t.person else {}),
    f"POST {_V1}/staff": Ask(
        lambda t: {"email": f"new{t.number}@example.com", "role": "viewer", "accounts": [t.account]}
    ),
    f"PATCH {_V1}/staff/<operator_id>": Ask(lambda t: {"role": "viewer", **t.person}),
    f"DELETE {_V1}/staff/<operator_id>": Ask(parts={"operator_id": "invited"}),
    f"PUT {_V1}/staff/rules/<role>": Ask(lambda _: {"needs_codes": False}),
    f"PUT {_TALK}/draft": Ask(lambda _: {"kind": "note", "text": "見本", "device": "d"}),
    f"POST {_TALK}/draft/settle": Ask(
        lambda _: {"kind": "reply", "device": "one", "takes": True}, parts={"talk_id": "own_draft"}
    ),
    f"POST {_TALK}/draft/share": Ask(
        lambda _: {"kind": "reply", "shared": True}, parts={"talk_id": "own_draft"}
    ),
    f"POST {_TALK}/draft/take": Ask(lambda t: {"draft_id": t.shared_draft}),
    f"GET {_V1}/scheduled": Ask(query=lambda t: f"conversation={t.talk}"),
    f"POST {_TALK}/scheduled": Ask(
        lambda t: {"client_msg_id": f"c{t.number}", "text": "見本", "send_at": t.later}
    ),
    f"PATCH {_V1}/scheduled/<scheduled_id>": Ask(lambda _: {"version": 1, "text": "別の見本"}),
    f"POST {_V1}/scheduled/<scheduled_id>/send": Ask(lambda _: {"version": 1}),
    f"DELETE {_V1}/scheduled/<scheduled_id>": Ask(lambda _: {"version": 1}),
    f"GET {_V1}/watch": Ask(query=_of_account),
    f"GET {_V1}/watch/talks": Ask(query=lambda t: f"figure=waiting&account={t.account}"),
    f"GET {_V1}/watch/failures": Ask(query=_of_account),
    f"GET {_V1}/watch/aside": Ask(query=_of_account),
    f"PUT {_V1}/accounts/<account_id>/sending": Ask(
        lambda _: {"reserve_percent": 20, "shows_loading": True, "marks_read": False}
    ),
    f"POST {_TALK}/whispers": Ask(
        lambda t: {"client_note_id": f"c{t.number}", "text": "見本"}, parts={"talk_id": "held"}
    ),
    f"GET {_V1}/reports": Ask(query=lambda t: f"{PERIOD}&by=tag&account={t.account}"),
    f"GET {_V1}/reports/talks": Ask(query=lambda t: f"{PERIOD}&account={t.account}"),
    f"POST {_V1}/reports/files": Ask(
        lambda t: {"from": "2026-11-01", "to": "2026-11-24", "by": "tag", "account": t.account}
    ),
    f"GET {_V1}/reports/questions": Ask(query=lambda t: f"{PERIOD}&account={t.account}"),
    f"GET {_V1}/reports/questions/talks": Ask(
        query=lambda t: f"{PERIOD}&flow=form&step=score&account={t.account}"
    ),
    f"PUT {_V1}/reports/satisfaction": Ask(lambda _: {"flow": "form", "step": "score"}),
    f"POST {_V1}/join/look": Ask(lambda t: {"token": t.link}),
    f"POST {_V1}/join": Ask(
        lambda t: {"token": t.link, "name": "見本 新人", "password": NEW_PASSWORD}
    ),
    "GET /assets/<path:name>": Ask(parts={"name": "asset"}),
    "POST /line/<account_id>/webhook": Ask(lambda _: {"events": [given.a_text_event("偽")]}),
    "POST /f/<token>": Ask(form=lambda _: {"entry": "0", "text": "見本"}),
}


def ask_for(line: str) -> Ask:
    """How a line of the table is asked."""
    return ASKED.get(line, Ask())


def address_of(line: str, things: Things) -> str:
    """The address with its parts filled in."""
    path, ask = line.partition(" ")[2], ask_for(line)

    def fill(found: re.Match[str]) -> str:
        name = found[1]
        return str(getattr(things, ask.parts[name]) if name in ask.parts else PARTS[name](things))

    query = ask.query(things)
    return PART.sub(fill, path) + (f"?{query}" if query else "")
