"""What customers and staff write is text on every screen: nothing runs, and the CSP has no work."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import Any
from urllib.parse import quote

import pytest

from tests.whole.conftest import Demo, sim, start_demo, stop_demo, two_free_ports
from tests.whole.payloads import PAYLOADS, SHORT
from tests.whole.screens import SCREENS, call, open_screen, signed_in

pytestmark = pytest.mark.browser
NAMED = 40  # friends, each with a payload as their name
ELSEWHERE = {
    "viewer": "of a picture, which has no words",
    "whisper": "of a colleague's talk; it shows the talk that other screens show",
    "scheduled-send": "what waits here already stands before it, on every screen of the talk",
}
WATCH = """
  window.__broken = [];
  addEventListener('securitypolicyviolation', (event) =>
    __broken.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""
# What no screen of ours has, and markup out of words would.
FOREIGN = """() => {
  const leads = /^(href|xlink:href|src|srcdoc|action|formaction|data|background)$/i;
  const runs = (a) => /^on/i.test(a.name)
    || (leads.test(a.name) && /^\\s*(j\\s*a\\s*v\\s*a\\s*script|data:text)/i.test(a.value));
  const all = [...document.querySelectorAll('*')];
  const marked = all.filter((one) => [...one.attributes].some(runs));
  const strange = document.querySelectorAll('base, embed, object, math, script:not([src])');
  return [...marked, ...strange].map((one) => one.outerHTML.slice(0, 200));
}"""


@pytest.fixture(scope="module")
def demo(begun: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo with a flow whose title is hostile too."""
    data = tmp_path_factory.mktemp("hostile") / "demo"
    copytree(begun, data)
    flow = data / "flows" / "hostile.yaml"
    title = json.dumps(PAYLOADS[0] + SHORT)
    flow.write_text(
        f"flow: hostile\ntitle: {title}\nstart: [{{keyword: 敵}}]\nsteps:\n"
        f"  - ask: {json.dumps(PAYLOADS[1])}\n    id: one\n    choices: [{json.dumps(SHORT)}]\n"
        "  - end: done\n"
    )
    running = start_demo(data, two_free_ports())
    yield running
    stop_demo(running)


@pytest.fixture(scope="module")
def page(browser: Any, demo: Demo) -> Iterator[Any]:
    with signed_in(browser, demo) as opened:
        opened.ran = []  # dialogs
        opened.on("dialog", lambda dialog: (opened.ran.append(dialog.message), dialog.dismiss()))
        opened.add_init_script(WATCH)
        yield opened


@pytest.fixture(scope="module")
def talk(page: Any, demo: Demo) -> str:
    """The address of a talk in which everything is hostile."""
    friends = [
        str(sim(demo, "friends", {"account": "salon", "name": name})["user_id"])
        for name in PAYLOADS[:NAMED]
    ]
    for user in friends:
        sim(demo, f"friends/{user}/follow", {})
        sim(demo, f"friends/{user}/say", {"text": "やめる"})
    for number, words in enumerate(PAYLOADS):
        kind = "file" if number % 2 else "text"
        more = {"fileName": f"{words}.txt", "fileSize": 9} if kind == "file" else {"text": words}
        sim(demo, f"friends/{friends[0]}/send", {"message": {"type": kind, **more}})
    found = call(page, "GET", "/conversations?view=all&sort=newest&limit=200")["items"]
    ids = {one["customer_name"]: one for one in found}
    assert set(PAYLOADS[:NAMED]) <= ids.keys()
    here = ids[PAYLOADS[0]]
    _write_inside(page, here["id"])
    return f"/talks/{here['id']}"


def _write_inside(page: Any, talk_id: str) -> None:
    """Notes, tags, fields, a saved reply, a quick reply, a saved view, a scheduled text."""
    customer = call(page, "GET", f"/conversations/{talk_id}")["customer"]["id"]
    for number, words in enumerate(PAYLOADS[:60]):
        note = {"client_note_id": f"n{number}", "text": words}
        call(page, "POST", f"/conversations/{talk_id}/notes", note)
        if number < 20:
            call(page, "PUT", f"/customers/{customer}/tags/{quote(words, safe='')[:300]}", {})
    call(page, "PATCH", f"/customers/{customer}", {"fields": {"memo": PAYLOADS[2]}})
    reply = {"title": PAYLOADS[0][:60], "text": f"{PAYLOADS[3]} {SHORT}", "shortcut": "<b>"}
    call(page, "POST", "/saved-replies", reply)
    call(page, "POST", "/saved-views", {"name": PAYLOADS[0][:40], "query": {"view": "all"}})
    action = {"type": "message", "label": SHORT, "text": PAYLOADS[4]}
    buttons = {"items": [{"type": "action", "action": action}]}
    message = {"type": "text", "text": PAYLOADS[5], "quickReply": buttons}
    sending = {"client_msg_id": "hostile", "messages": [message], "seen_seq": 99_999}
    call(page, "POST", f"/conversations/{talk_id}/messages", sending)
    later = {"client_msg_id": "later", "text": PAYLOADS[6], "send_at": "2027-06-01T00:00:00Z"}
    call(page, "POST", f"/conversations/{talk_id}/scheduled", later)
    call(page, "POST", "/flows/publish", {"accept_warnings": True})


@pytest.mark.parametrize("name", SCREENS)
def test_nothing_runs_on_any_screen(page: Any, demo: Demo, talk: str, name: str) -> None:
    screen = SCREENS[name]
    demo.talks["PICTURE"] = demo.talks["HELD"] = talk
    if screen.path in {"TALK", "PICTURE"}:
        screen = replace(screen, path=talk)
    if name in ELSEWHERE:
        pytest.skip(ELSEWHERE[name])

    open_screen(page, demo, screen)

    assert page.ran == []
    assert page.evaluate(FOREIGN) == []
    assert page.evaluate("window.__broken") == []


def test_all_of_a_talk_is_read_as_it_was_written(page: Any, demo: Demo, talk: str) -> None:
    page.goto(demo.url + talk)
    log = page.locator('.talk [role="log"]')
    log.locator("li").first.wait_for()
    for _ in range(30):
        log.evaluate(
            """(log) => { let one = log;
              while (one.scrollHeight <= one.clientHeight) one = one.parentElement;
              one.scrollTop = 0; }"""
        )
        page.wait_for_timeout(200)
    shown = log.text_content()

    told = [words for words in PAYLOADS[::2] if words.strip() and words in shown]
    assert len(told) > 60, "most of them stand there as text"
    assert page.ran == []
    assert page.evaluate(FOREIGN) == []
    assert page.evaluate("window.__broken") == []


def test_the_eyes_of_this_test_see_what_would_run(page: Any, demo: Demo) -> None:
    """A page that does take words for markup: the CSP stops it, and both eyes tell."""
    page.goto(demo.url)
    page.locator(".queue h1").first.wait_for()
    page.evaluate("words => document.body.insertAdjacentHTML('beforeend', words)",
                  "<img src=x onerror=alert(1)>")  # fmt: skip
    page.wait_for_function("window.__broken.length > 0")

    assert page.evaluate(FOREIGN) != []
    assert page.ran == []
