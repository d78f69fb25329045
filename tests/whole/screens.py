"""Every screen and main dialog of the console, and how one gets there. New rooms belong here.

A step is `(role, name in Japanese, name in English)`: what is pressed, in the order given.
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.whole.conftest import ROOT, Demo, begin_talk, sim

PATIENCE_MS = 45_000
SAVED_VIEW = "見本の条件"
Step = tuple[str, str, str]


@dataclass(frozen=True)
class Screen:
    """A place of the console; ready: what is there when it has loaded.

    typed: after the keys, into what they led to. act: what no key does. before: ahead of all.
    """

    path: str
    ready: str
    steps: tuple[Step, ...] = ()
    keys: tuple[str, ...] = ()
    wait: str = ""
    typed: str = ""
    act: Callable[[Any], None] | None = None
    before: Callable[[Any], None] | None = None


def attach(page: Any) -> None:
    """Two files that are refused and taken, as from a folder."""
    files = [
        {"name": "見本.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 sample"},
        {"name": "見本.txt", "mimeType": "text/plain", "buffer": "見本".encode()},
    ]
    page.locator(".composer input[type=file]").first.set_input_files(files)


def must_enrol(page: Any) -> None:
    """As the house asks of who has no second proof yet."""

    def asked(route: Any) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, json={**answer.json(), "must_enrol": True})

    page.route("**/api/v1/session", asked)


def call(page: Any, method: str, path: str, body: Any = None) -> Any:
    """The console's API, as whoever is signed in."""
    return page.evaluate(
        """async ([method, path, body]) => {
          const session = await (await fetch('/api/v1/session')).json();
          const headers = { 'Content-Type': 'application/json',
            'X-CSRF-Token': session.csrf_token };
          const given = body === null ? {} : { body: JSON.stringify(body) };
          const answer = await fetch('/api/v1' + path, { method, headers, ...given });
          if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
          return answer.status === 204 ? null : answer.json();
        }""",
        [method, path, body],
    )


def save_a_view(page: Any) -> None:
    """As manager: a view of one's own, beside those of the house."""
    kept = call(page, "GET", "/saved-views")["items"]
    if not any(one["name"] == SAVED_VIEW for one in kept):
        query = {"view": "all", "sort": "newest"}
        call(page, "POST", "/saved-views", {"name": SAVED_VIEW, "query": query})


def press(css: str) -> Callable[[Any], None]:
    return lambda page: page.locator(css).locator("visible=true").first.click()


LOG = '.talk [role="log"] li'
ROW = ".queue .row"
DIALOG = "dialog[open]"
FLOW = ".svelte-flow__node, .cm-content"
SCREENS: dict[str, Screen] = {
    "inbox": Screen("/?view=all", ".queue .row"),
    "search": Screen("/?q=%E8%A6%8B%E6%9C%AC", "a.row[data-arrow]"),
    "talk": Screen("TALK", LOG),
    "note": Screen("TALK", LOG, keys=("n",)),
    "filters": Screen("/?view=all", ROW, keys=("Shift+F",), wait=".queue section.panel"),
    "filtered": Screen("/?view=all&status=waiting&unseen=1&waited=1", ".queue"),
    "chosen": Screen("/?view=all", ROW, keys=("Shift+A",), wait=".queue .bar[role=group]"),
    "tag-the-chosen": Screen(
        "/?view=all", ROW, keys=("Shift+A", "*", "t"), wait=".queue .panel form input"
    ),
    "snooze-the-chosen": Screen(
        "/?view=all", ROW, keys=("Shift+A", "*", "s"), wait=".queue .panel input"
    ),
    "save-view": Screen("/?view=all", ROW, keys=("Shift+V",), wait="#view-name"),
    "saved-views": Screen(
        "/?view=all", ROW, keys=("v",), wait=f"{DIALOG} li", before=save_a_view
    ),
    "out-of-office": Screen(
        "/?view=all", ROW,
        (("button", "設定とサインアウト", "Settings and sign-out"),
         ("button", "不在にする…", "Go out of office…")),
        wait=f"{DIALOG} input",
    ),
    "snooze-menu": Screen("TALK", LOG, keys=("s",), wait=".menu .panel"),
    "find-in-talk": Screen("TALK", LOG, keys=("f",), wait=".find input"),
    "date-picker": Screen("TALK", LOG, keys=("d",), wait=f"{DIALOG} table"),
    "message-menu": Screen("PICTURE", LOG, keys=("Shift+K", "o"), wait=".panel[popover] .item"),
    "quoted": Screen("PICTURE", LOG, keys=("Shift+K", "q"), wait=".composer .quote, .composer"),
    "viewer": Screen("PICTURE", LOG, act=press(".talk .picture, .talk [role=log] button:has(img)"),
                     wait=DIALOG),
    "emoji": Screen("TALK", LOG, keys=(":",), wait=".composer .panel .grid"),
    "stickers": Screen("TALK", LOG, keys=("Shift+P",), wait=".composer [role=tabpanel] button"),
    "quick-replies": Screen("TALK", LOG, keys=("Shift+Q",), wait=".composer .panel form"),
    # In a talk of its own: files stay with what is being written, and cannot go out later.
    "attached": Screen("PICTURE", LOG, act=attach, wait=".composer ol li"),
    "scheduled-send": Screen(
        "TALK", LOG, keys=("r",), typed="あとで送る見本の文",
        act=press(".composer .later button"),
        wait=".composer form input[type=datetime-local]",
    ),
    "mentions": Screen("/?mentions=1", ".queue .bar"),
    "note-menu": Screen("NOTE", LOG, keys=("Shift+K", "o"), wait=".panel[popover] .item"),
    "edit-note": Screen(
        "NOTE", LOG, keys=("Shift+K", "o", "ArrowDown", "Enter"), wait=f"{DIALOG} textarea"
    ),
    "delete-note": Screen(
        "NOTE", LOG, keys=("Shift+K", "o", "ArrowDown", "ArrowDown", "Enter"), wait=DIALOG
    ),
    "mention": Screen("TALK", LOG, keys=("n",), typed="@", wait="#mention-list"),
    "whisper": Screen("HELD", LOG, keys=("Shift+W",), wait=f"{DIALOG} textarea"),
    "assign-menu": Screen("TALK", LOG, keys=("a",), wait=".menu .panel"),
    "talk-menu": Screen(
        "TALK", LOG, (("button", "トークの操作", "More for this conversation"),)
    ),
    "me-menu": Screen(
        "/?view=all", ".queue .row", (("button", "設定とサインアウト", "Settings and sign-out"),)
    ),
    "saved-replies-menu": Screen(
        "TALK", LOG, (("button", "定型文", "Saved reply"),), wait="#saved-replies [role=option]"
    ),
    "saved-replies": Screen(
        "/?view=all", ".queue .row",
        (("button", "設定とサインアウト", "Settings and sign-out"),
         ("button", "定型文の管理", "Manage saved replies")),
        wait="dialog[open]",
    ),
    "help": Screen("/?view=all", ".queue .row", keys=("?",), wait="dialog[open] dl"),
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
    "flow-health": Screen("/flows/health/salon_welcome", "main table tbody tr"),
    "broadcasts": Screen("BROADCASTS", "main table tbody tr"),
    "new-broadcast": Screen("/broadcasts/new", "main form textarea"),
    "broadcast-emoji": Screen(
        "/broadcasts/new", "main form textarea", act=press("main .panel-of button"),
        wait="main .panel .grid",
    ),
    "broadcast-draft": Screen("DRAFT", "main form textarea"),
    "confirm-broadcast": Screen(
        "DRAFT", "main footer .cost", act=press("main footer .btn.pri"), wait=f"{DIALOG} dl"
    ),
    "broadcast": Screen("SCHEDULED", "main .phone"),
    "cancel-broadcast": Screen(
        "SCHEDULED", "main .phone", (("button", "送信を取り消す", "Cancel sending"),), wait=DIALOG
    ),
    "staff": Screen("/staff", "main table tbody tr, main li"),
    "invite": Screen(
        "/staff", "main table tbody tr, main li", (("button", "招待する", "Invite"),),
        wait="dialog[open]",
    ),
    "audit": Screen("/audit", "main table tbody tr, main li"),
    "notices": Screen("/notices", "main table input, main li input"),
    "desk-rules": Screen("/desk-rules", "main table tbody tr"),
    "watch": Screen("/watch", "main dl dd"),
    "watch-figure": Screen(
        "/watch", "main dl dd", act=press("main dl dd button"), wait=f"{DIALOG} .body"
    ),
    "reassign": Screen(
        "/watch", "main table tbody tr", act=press("main table thead input"), wait="main select"
    ),
    "wall": Screen("/wall", "main dl dd"),
    "reports": Screen("/reports", "main table tbody tr"),
    "report-figure": Screen(
        "/reports", "main table tbody tr", act=press("main table td button"), wait=f"{DIALOG} .body"
    ),
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
# Signed in, and let no further.
ENROL = Screen("/", "main h1", before=must_enrol, wait="main input")


def rooms() -> list[str]:
    """The rooms of the address bar, as the console's own source names them."""
    source = (ROOT / "console/web/src/state/place.svelte.ts").read_text()
    named = re.findall(r"_ROOMS = \[(.*?)\]", source, re.DOTALL)
    room = re.search(r"room: (.*?);", source)
    assert len(named) == 2
    assert room
    return re.findall(r"'([\w-]+)'", "".join(named) + room[1])


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
    page.locator(".queue h1").first.wait_for()
    speak(page, language)
    yield page
    speak(page, "ja")
    context.close()


def speak(page: Any, language: str) -> None:
    """Through the API, as on another machine; the page is told by loading it again."""
    call(page, "PATCH", "/session", {"language": language})


def open_screen(page: Any, demo: Demo, screen: Screen, language: str = "ja") -> None:
    """Go there by its address, as by a link that was kept."""
    page.unroute_all()
    if screen.before:
        screen.before(page)
    page.goto(demo.url + path_of(page, demo, screen.path))
    page.locator(screen.ready).first.wait_for()
    empty_box(page)
    for role, ja, en in screen.steps:
        found = page.get_by_role(role, name=ja if language == "ja" else en, exact=True)
        found.locator("visible=true").first.click()
    if screen.keys:
        page.locator("body").evaluate("() => document.activeElement?.blur()")
    for key in screen.keys:
        page.keyboard.press(key)
        page.wait_for_timeout(60)  # no hand is faster; what a key opens is there for the next one
    if screen.typed:
        page.locator("input:focus, textarea:focus").first.wait_for()
        page.keyboard.type(screen.typed)
    if screen.act:
        screen.act(page)
    if screen.wait:
        page.locator(screen.wait).first.wait_for()
    page.wait_for_timeout(150)


def empty_box(page: Any) -> None:
    """What another screen had begun to write in the same talk."""
    box = page.locator(".composer textarea")
    if box.count() > 0 and box.input_value() != "":
        box.fill("")


def path_of(page: Any, demo: Demo, path: str) -> str:
    """A talk has another address in every demo."""
    if path == "TALK":
        return first_talk(page)
    if path == "NOTE":
        demo.talks["NOTE"] = demo.talks.get("NOTE") or note_talk(page, demo)
        return demo.talks["NOTE"]
    if path in ("BROADCASTS", "DRAFT", "SCHEDULED"):
        return broadcast_path(page, path)
    if path not in ("HELD", "PICTURE"):
        return path
    if path not in demo.talks:
        demo.talks["PICTURE"] = picture_talk(page, demo)
        demo.talks["HELD"] = held_talk(page, demo.talks["PICTURE"])
    return demo.talks[path]


def broadcast_path(page: Any, path: str) -> str:
    """The list, with a draft in it and one that waits for its moment; or one of the two."""
    kept = call(page, "GET", "/broadcasts")["items"]
    found = {one["status"]: one for one in kept}
    for status in {"draft", "scheduled"} - found.keys():
        text = {"type": "text", "text": "見本のお知らせです。\nhttps://example.com/sample"}
        new = {"client_broadcast_id": f"screens-{status}", "account": "salon"}
        made = call(page, "POST", "/broadcasts", {**new, "title": "見本", "messages": [text]})
        found[status] = made["broadcast"]
        if status == "scheduled":
            at = (datetime.now(UTC) + timedelta(days=30)).isoformat()
            one = made["broadcast"]
            body = {"version": one["version"], "send_at": at}
            call(page, "POST", f"/broadcasts/{one['id']}/schedule", body)
    ids = {"DRAFT": found["draft"]["id"], "SCHEDULED": found["scheduled"]["id"]}
    return f"/broadcasts/{ids[path]}" if path in ids else "/broadcasts"


def picture_talk(page: Any, demo: Demo) -> str:
    """Of a friend who sent pictures, whom a person answers."""
    user = begin_talk(demo, "見本 がぞう")
    for message in ({"type": "image"}, {"type": "image"}, {"type": "text", "text": "駐車場"}):
        sim(demo, f"friends/{user}/send", {"message": message})
    return f"/talks/{answered_talk(page, '見本 がぞう', 'ほかに')}"


def note_talk(page: Any, demo: Demo) -> str:
    """The last in it is a note of one's own."""
    begin_talk(demo, "見本 めも")
    talk = answered_talk(page, "見本 めも", "またいつでも")
    note = {"client_note_id": "見本", "text": "次回はカラーのご相談(見本のノートです)"}
    call(page, "POST", f"/conversations/{talk}/notes", note)
    return f"/talks/{talk}"


def answered_talk(page: Any, name: str, words: str) -> str:
    """The id of somebody's talk, as soon as the bot has said these words last."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < deadline:
        found = call(page, "GET", "/conversations?view=all&sort=newest")["items"]
        for one in found:
            if one["customer_name"] == name and words in str(one["last_message"]["text"]):
                return str(one["id"])
        page.wait_for_timeout(100)
    raise AssertionError(f"the bot did not say {words!r} to {name}")


def held_talk(page: Any, other: str) -> str:
    """Of which a colleague takes care; not the other one, whose last line is a message."""
    free = call(page, "GET", "/conversations?view=unassigned")["items"]
    paths = [f"/talks/{one['id']}" for one in free]
    path = next((one for one in reversed(paths) if one != other), None) or let_go(page)
    talk = call(page, "GET", path.replace("/talks/", "/conversations/"))["conversation"]
    staff = call(page, "GET", "/operators")["items"]
    given = next(one["id"] for one in staff if one["role"] == "operator")
    call(page, "POST", f"/conversations/{talk['id']}/assign",
         {"operator_id": given, "epoch": talk["epoch"]})  # fmt: skip
    return path


def first_talk(page: Any) -> str:
    """A talk that is open, and held by nobody."""
    found = call(page, "GET", "/conversations?view=unassigned")["items"]
    return f"/talks/{found[0]['id']}" if found else let_go(page)


def let_go(page: Any) -> str:
    """Other tests have seen to all of them: the bot hands one over, and nobody holds it."""
    one = call(page, "GET", "/conversations?view=bot")["items"][0]
    taken = call(page, "POST", f"/conversations/{one['id']}/take", {"epoch": one["epoch"]})
    free = {"operator_id": None, "epoch": taken["epoch"]}
    call(page, "POST", f"/conversations/{one['id']}/assign", free)
    return f"/talks/{one['id']}"
