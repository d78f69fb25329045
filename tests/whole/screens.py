"""Every screen and main dialog of the console, and how one gets there. New rooms belong here.

A step is `(role, name in Japanese, name in English)`: what is pressed, in the order given.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.whole.conftest import ROOT, Demo

PATIENCE_MS = 15_000
Step = tuple[str, str, str]


@dataclass(frozen=True)
class Screen:
    """A place of the console; ready: what is there when it has loaded."""

    path: str
    ready: str
    steps: tuple[Step, ...] = ()
    keys: tuple[str, ...] = ()
    wait: str = ""


LOG = '.talk [role="log"] li'
SCREENS: dict[str, Screen] = {
    "inbox": Screen("/", ".queue .row"),
    "search": Screen("/?q=%E8%A6%8B%E6%9C%AC", "a.row[data-arrow]"),
    "talk": Screen("TALK", LOG),
    "note": Screen("TALK", LOG, keys=("n",)),
    "assign-menu": Screen("TALK", LOG, keys=("a",), wait=".menu .panel"),
    "talk-menu": Screen(
        "TALK", LOG, (("button", "トークの操作", "More for this conversation"),)
    ),
    "me-menu": Screen(
        "/", ".queue .row", (("button", "設定とサインアウト", "Settings and sign-out"),)
    ),
    "saved-replies-menu": Screen(
        "TALK", LOG, (("button", "定型文", "Saved reply"),), wait="#saved-replies [role=option]"
    ),
    "saved-replies": Screen(
        "/", ".queue .row",
        (("button", "設定とサインアウト", "Settings and sign-out"),
         ("button", "定型文の管理", "Manage saved replies")),
        wait="dialog[open]",
    ),
    "help": Screen("/", ".queue .row", keys=("?",), wait="dialog[open] dl"),
    "palette": Screen("TALK", LOG, keys=("Control+k",), wait="dialog[open] [role=option]"),
    "flows": Screen("/flows", "main table, main ul li"),
    "flow": Screen("/flows/welcome.yaml", ".svelte-flow__node, .cm-content"),
    "fields": Screen("/flows/fields.yaml", "main input"),
    "tags": Screen("/flows/tags.yaml", "main input"),
    "links": Screen("/flows/links.yaml", "main input"),
    "queues": Screen("/flows/queues.yaml", "main input"),
    "calendar": Screen("/flows/calendars/main.yaml", "main input"),
    "faq": Screen("/flows/faq/salon.yaml", "main input, main textarea"),
    "segment": Screen("/flows/segments/young_color.yaml", ".cm-content"),
    "health": Screen("/flows/health", "main h1"),
    "flow-health": Screen("/flows/health/welcome", "main h1"),
    "staff": Screen("/staff", "main table tbody tr, main li"),
    "invite": Screen(
        "/staff", "main table tbody tr, main li", (("button", "招待する", "Invite"),),
        wait="dialog[open]",
    ),
    "audit": Screen("/audit", "main table tbody tr, main li"),
    "notices": Screen("/notices", "main h1, main h2"),
    "me": Screen("/me", "#shortcuts"),
    "recorder": Screen(
        "/me", "#shortcuts",
        (("button", "変更:「対応済みにする」のキー", "Change: “Mark as done”"),),
    ),
}  # fmt: skip
SIGNED_OUT: dict[str, Screen] = {
    "sign-in": Screen("/", "input[type=email]"),
    "join": Screen("/join#made-up", "main"),
}


def rooms() -> list[str]:
    """The rooms of the address bar, as the console's own source names them."""
    source = (ROOT / "console/web/src/state/place.svelte.ts").read_text()
    people = re.search(r"PEOPLE_ROOMS = \[(.*?)\]", source, re.DOTALL)
    room = re.search(r"room: (.*?);", source)
    assert people
    assert room
    return re.findall(r"'(\w+)'", people[1] + room[1])


@contextmanager
def signed_in(
    browser: Any,
    demo: Demo,
    *,
    email: str = "manager@example.com",
    language: str = "ja",
    **more: Any,
) -> Iterator[Any]:
    """A page of somebody at work, who speaks a language; afterwards they speak Japanese again."""
    context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **more})
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(demo.url)
    page.fill("input[type=email]", email)
    page.fill("input[type=password]", demo.password(email))
    page.keyboard.press("Enter")
    page.locator(".queue .row").first.wait_for()
    speak(page, language)
    yield page
    speak(page, "ja")
    context.close()


def speak(page: Any, language: str) -> None:
    """Through the API, as on another machine; the page is told by loading it again."""
    page.evaluate(
        """async language => {
          const session = await (await fetch('/api/v1/session')).json();
          await fetch('/api/v1/session', { method: 'PATCH', body: JSON.stringify({ language }),
            headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': session.csrf_token } });
        }""",
        language,
    )


def open_screen(page: Any, demo: Demo, screen: Screen, language: str = "ja") -> None:
    """Go there by its address, as by a link that was kept."""
    path = screen.path if screen.path != "TALK" else first_talk(page)
    page.goto(demo.url + path)
    page.locator(screen.ready).first.wait_for()
    for role, ja, en in screen.steps:
        found = page.get_by_role(role, name=ja if language == "ja" else en, exact=True)
        found.locator("visible=true").first.click()
    if screen.keys:
        page.locator("body").evaluate("() => document.activeElement?.blur()")
    for key in screen.keys:
        page.keyboard.press(key)
    if screen.wait:
        page.locator(screen.wait).first.wait_for()
    page.wait_for_timeout(150)


def first_talk(page: Any) -> str:
    """A talk that is open, and held by nobody."""
    found = page.evaluate(
        "async () => (await (await fetch('/api/v1/conversations?view=unassigned')).json()).items[0]"
    )
    return f"/talks/{json.loads(json.dumps(found))['id']}"
