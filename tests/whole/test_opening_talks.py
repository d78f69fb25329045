"""Talks that open late, not at all, or while somebody speaks, in a real browser."""

import re
from typing import Any

import pytest

from tests.whole.conftest import Demo, sim
from tests.whole.desk import a_friend_wrote, row_of, said, wait_until
from tests.whole.test_main_job import open_console
from tests.whole.test_saved_replies import open_talk

pytestmark = pytest.mark.browser


def test_an_answer_before_its_lines_waits_and_has_not_seen_what_the_bot_said_since(
    browser: Any, demo: Demo
) -> None:
    from playwright.sync_api import expect

    name = "見本 はやて"
    user = a_friend_wrote(demo, name)
    page = open_console(browser, demo, "staff-a@example.com")
    page.get_by_role("link", name="すべて", exact=True).first.click()
    row = row_of(page, name)
    row.get_by_text("もしかして").wait_for()
    kept: list[Any] = []

    def keep(route: Any) -> None:
        kept.append(route)

    page.route("**/conversations/*/whole", keep)

    row.click()
    box = page.get_by_label("お客様への返信")
    box.fill("早すぎる返事です")
    page.keyboard.press("Control+Enter")
    expect(box).to_have_value("早すぎる返事です")
    sim(demo, f"friends/{user}/say", {"text": "駐車場はありますか"})
    row.get_by_text("ほかにご質問はありますか").wait_for()
    for one in kept:
        one.continue_()
    page.unroute("**/conversations/*/whole")

    page.get_by_text(re.compile("ボットが .* に返信しました")).wait_for()
    page.get_by_role("button", name="それでも送る").wait_for()
    assert "早すぎる返事です" not in said(demo, user)
    page.context.close()


def test_a_talk_that_failed_and_is_pointed_at_comes_with_its_drafts(
    browser: Any, demo: Demo
) -> None:
    from playwright.sync_api import expect

    name = "見本 出直し"
    a_friend_wrote(demo, name)
    home = open_console(browser, demo, "staff-a@example.com")
    open_talk(home, name).fill("家で書いた文")
    home.get_by_text("下書き・保存済み").wait_for()
    home.context.close()

    page = open_console(browser, demo, "staff-a@example.com")
    page.get_by_role("link", name="すべて", exact=True).first.click()
    row = row_of(page, name)
    row.wait_for()
    page.route("**/conversations/*/whole", lambda route: route.abort())
    row.click()
    page.get_by_role("button", name="もう一度").wait_for()
    page.unroute("**/conversations/*/whole")
    page.mouse.move(0, 0)
    row.hover()

    page.locator("[role=log]").get_by_text("予約の相談です").wait_for()
    expect(page.get_by_label("お客様への返信")).to_have_value("家で書いた文")
    page.context.close()


def test_a_line_that_came_between_a_talk_and_the_list_beside_it_is_there(
    browser: Any, demo: Demo
) -> None:
    """The talk is read first, then somebody speaks, then the list is read: the journal is followed
    from where the talk was."""
    name = "見本 はざま"
    user = a_friend_wrote(demo, name)
    page = open_console(browser, demo, "staff-a@example.com")
    open_talk(page, name)
    at = page.url.split("?")[0].replace("/talks/", "/api/v1/conversations/")
    lists: list[Any] = []
    talks: list[tuple[Any, Any]] = []

    def hold(route: Any) -> None:
        lists.append(route)

    def read(route: Any) -> None:
        talks.append((route, route.fetch()))

    page.route("**/api/v1/conversations?*", hold, times=1)
    page.route("**/conversations/*/whole", read, times=1)
    page.evaluate("() => location.reload()")
    wait_until(page, lambda: bool(lists and talks))
    sim(demo, f"friends/{user}/say", {"text": "はざまの一言"})
    wait_until(page, lambda: "はざまの一言" in page.request.get(f"{at}/messages").text())
    lists[0].continue_()
    [(route, answer)] = talks
    route.fulfill(response=answer)

    page.locator("[role=log]").get_by_text("はざまの一言", exact=True).wait_for()
    page.context.close()
