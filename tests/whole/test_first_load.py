"""What comes after the first load: the other language, and parts that are there in time."""

import time
from typing import Any

import pytest

from tests.whole.conftest import Demo
from tests.whole.test_main_job import open_console
from tests.whole.test_saved_replies import listen, open_talk, search_box

pytestmark = pytest.mark.browser
LOADED = "() => performance.getEntriesByType('resource').map((one) => one.name)"
LATER = [
    "MessageMenu",
    "ReplyMenu",
    "SearchResults",
    "BulkBar",
    "MePanel",
    "BellPanel",
    "ManageSheet",
]


def wait_for_parts(page: Any, names: list[str]) -> None:
    page.wait_for_function(
        "(names) => { const all = performance.getEntriesByType('resource').map((one) => one.name);"
        " return names.every((name) => all.some((one) => one.includes(`/assets/${name}-`))); }",
        arg=names,
    )


def test_what_is_pressed_while_the_rest_is_still_coming_is_shown(browser: Any, demo: Demo) -> None:
    page = open_console(browser, demo, "staff-a@example.com")

    def be_slow(route: Any) -> None:
        time.sleep(1.5)
        route.continue_()

    page.route("**/api/v1/me/drafts", be_slow)
    page.goto(f"{demo.url}/?view=all")
    page.locator(".queue .row").first.click()
    page.locator(".composer textarea").wait_for()

    page.goto(f"{demo.url}/?view=all")
    page.locator(".queue .row").first.wait_for()
    page.get_by_role("link", name="担当なし").first.click()
    page.locator(".queue .row").filter(has_text="見本スタッフ").first.wait_for(state="detached")
    page.context.close()


def test_the_other_language_is_loaded_when_somebody_chooses_it(browser: Any, demo: Demo) -> None:
    page = open_console(browser, demo, "staff-a@example.com")
    complaints = listen(page)
    page.locator(".queue h1").wait_for()
    assert any("/ja_first-" in one for one in page.evaluate(LOADED))
    assert not any("/en_first-" in one for one in page.evaluate(LOADED))

    # It takes effect at once, in the same page, and what is written stays.
    box = open_talk(page, "見本 田辺")
    box.fill("書きかけ")
    page.evaluate("() => (window.isSame = true)")
    page.locator("nav").get_by_role("button", name="設定とサインアウト").click()
    with page.expect_response(lambda one: one.request.method == "PATCH"):  # kept by the server too
        page.get_by_role("button", name="English", exact=True).click()
    english = page.get_by_label("Reply to the customer")
    english.wait_for()
    assert (english.input_value(), page.evaluate("() => window.isSame")) == ("書きかけ", True)
    assert page.evaluate("() => document.documentElement.lang") == "en"

    # The next page begins in that language, and the first one is not fetched for it.
    page.reload()
    english.wait_for()
    assert not any("/ja_first-" in one for one in page.evaluate(LOADED))
    english.fill("")
    page.get_by_role("button", name="Settings and sign-out").first.click()
    page.get_by_role("button", name="日本語", exact=True).click()
    page.get_by_label("お客様への返信").wait_for()
    assert complaints == []
    page.context.close()


def test_parts_that_came_beforehand_are_there_with_a_dead_line(browser: Any, demo: Demo) -> None:
    page = open_console(browser, demo, "staff-a@example.com")
    box = open_talk(page, "見本 田辺")
    wait_for_parts(page, LATER)
    page.context.set_offline(True)

    # A slash at once opens the replies, with the keyboard in them; Escape gives it back.
    box.press_sequentially("/")
    search_box(page).wait_for()
    assert search_box(page).evaluate("(one) => one === document.activeElement")
    page.keyboard.press("Escape")
    assert box.evaluate("(one) => one === document.activeElement")
    box.fill("")

    # The menus open, by the keyboard too.
    gear = page.locator("nav").get_by_role("button", name="設定とサインアウト")
    gear.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="English", exact=True).wait_for()
    page.keyboard.press("Escape")
    assert gear.evaluate("(one) => one === document.activeElement")
    page.context.set_offline(False)
    page.context.close()
