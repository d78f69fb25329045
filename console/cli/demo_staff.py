"""What the demo's sample staff have done before anybody looks, through the console's own API.

So the first look shows a desk at work: a talk that waits for its customer, one put off with a note,
one that is done, a message for tomorrow, a list that everybody shares, and a promise to answer.
"""

import json
import secrets
import urllib.request
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar
from typing import Any
from urllib.parse import quote

Deeds = tuple[tuple[str, str], ...]
# What each of these talks is left as: who holds it, and what they did.
DESK: dict[str, tuple[str, Deeds]] = {
    "見本 青木": (
        "staff-a@example.com",
        (
            ("say", "お問い合わせありがとうございます。土曜日は10時と14時が空いております。"),
            ("note", "土曜の14時を仮に押さえました(見本のノートです)。"),
            ("later", "ご予約の件、いかがでしょうか。お返事をお待ちしております。"),
        ),
    ),
    "見本 西村": ("staff-b@example.com", (("call", ""), ("snooze", "1200"))),
    "見本 佐野": (
        "staff-a@example.com",
        (("say", "はい、駐車場は店の裏にございます。お気をつけてお越しください。"), ("done", "")),
    ),
}
SHARED_VIEWS = (
    ("返事を待たせている方", {"status": ["waiting", "active"], "unanswered": True}),
    ("カラーに興味がある方", {"tag": ["興味_カラー"]}),
)
TARGETS = {"first_minutes": 10, "next_minutes": 30, "hours": "open"}
LATER = timedelta(days=1)


class Desk:
    """The console's API as one member of staff uses it."""

    def __init__(self, console_url: str, email: str, password: str) -> None:
        self.address = f"{console_url}/api/v1"
        jar = urllib.request.HTTPCookieProcessor(CookieJar())
        self.opener = urllib.request.build_opener(jar)
        self.csrf = ""
        self.ask("POST", "session", {"email": email, "password": password})
        session = self.ask("GET", "session")
        self.csrf, self.me = session["csrf_token"], session["operator"]["id"]

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """One call. Raises HTTPError for what is refused."""
        headers = {"Content-Type": "application/json", "X-CSRF-Token": self.csrf}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 # our own address
            f"{self.address}/{path}", data=data, headers=headers, method=method
        )
        with self.opener.open(request) as answer:
            text = answer.read()
            return json.loads(text) if text else None

    def talk_of(self, name: str) -> dict[str, Any]:
        """The talk of a sample person. Raises StopIteration where there is none."""
        talks = self.ask("GET", "conversations?view=all&sort=newest")["items"]
        return next(talk for talk in talks if talk["customer_name"] == name)


def work_at_the_desk(console_url: str, passwords: dict[str, str], manager: str) -> None:
    """Once, when the sample people have talked."""
    desks = {
        email: Desk(console_url, email, passwords[email])
        for email in {manager, *(email for email, _ in DESK.values())}
    }
    for name, query in SHARED_VIEWS:
        desks[manager].ask("POST", "saved-views", {"name": name, "query": query, "is_shared": True})
    _promise(desks[manager])
    for name, (email, deeds) in DESK.items():
        talk = desks[email].talk_of(name)
        desks[email].ask("POST", f"conversations/{talk['id']}/take", {"epoch": talk["epoch"]})
        for deed, what in deeds:
            _do(desks[email], f"conversations/{quote(talk['id'])}", deed, what)
    for desk in desks.values():
        desk.ask("DELETE", "session")


def _promise(manager: Desk) -> None:
    """Answers within so many minutes of the opening hours."""
    rules = manager.ask("GET", "desk/rules")
    house = {**rules["house"], **TARGETS}
    manager.ask("PUT", "desk/rules", {"version": rules["version"], "house": house, "queues": {}})


def _do(desk: Desk, talk: str, deed: str, what: str) -> None:
    own, now = secrets.token_hex(8), datetime.now(UTC)
    match deed:
        case "say":
            seq = desk.ask("GET", talk)["conversation"]["last_seq"]
            desk.ask(
                "POST", f"{talk}/messages", {"client_msg_id": own, "text": what, "seen_seq": seq}
            )
        case "note":
            desk.ask("POST", f"{talk}/notes", {"client_note_id": own, "text": what})
        case "call":
            people = desk.ask("GET", f"{talk}/colleagues")["items"]
            called = next(one for one in people if one["name"].endswith("A"))
            text = f"@{called['name']} 折り返しの時間を決めてください(見本のノートです)。"
            note = {"client_note_id": own, "text": text, "mentions": [called["id"]]}
            desk.ask("POST", f"{talk}/notes", note)
        case "later":
            plan = {"client_msg_id": own, "text": what, "send_at": (now + LATER).isoformat()}
            desk.ask("POST", f"{talk}/scheduled", plan)
        case "snooze":
            until = (now + timedelta(minutes=int(what))).isoformat()
            desk.ask("POST", f"{talk}/snooze", {"until": until})
        case _:
            desk.ask("POST", f"{talk}/resolve", {})
