"""Drafts in a real browser: kept, shared, taken over, handed on, and no letter lost."""

import re
from typing import Any

import pytest

from tests.whole.conftest import Demo
from tests.whole.desk import NOTE, a_friend_wrote, row_of
from tests.whole.test_main_job import keep_picture, open_console
from tests.whole.test_saved_replies import listen, open_talk

pytestmark = pytest.mark.browser


def test_a_draft_follows_its_writer_and_is_shared_and_taken_over(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    name = "見本 下書き"
    a_friend_wrote(demo, name)
    shop = open_console(browser, demo, "staff-a@example.com")
    complaints = listen(shop)
    box = open_talk(shop, name)
    box.press_sequentially("お調べして、")
    shop.get_by_text("下書き・保存済み").wait_for()
    row_of(shop, name).get_by_text("下書き", exact=True).wait_for()

    # Another machine of the same person: the text is there; the two go apart, and none is lost.
    home = open_console(browser, demo, "staff-a@example.com")
    home.get_by_role("link", name="すべて", exact=True).first.click()
    row_of(home, name).click()
    other = home.get_by_label("お客様への返信")
    expect(other).to_have_value("お調べして、")
    home.reload()
    expect(other).to_have_value("お調べして、")
    box.press_sequentially("店から")
    shop.get_by_text("下書き・保存済み").wait_for()
    other.fill("家から")
    offered = home.get_by_role("region", name=re.compile("別の画面で書いた下書き"))
    offered.get_by_text("お調べして、店から").wait_for()
    keep_picture(home, "draft-other")
    offered.get_by_role("button", name="この文に替える").click()
    expect(other).to_have_value("お調べして、店から")
    offered.get_by_text("家から", exact=True).wait_for()
    offered.get_by_role("button", name="捨てる").click()
    offered.wait_for(state="detached")
    expect(box).to_have_value("お調べして、店から")
    home.context.close()

    # A colleague sees it when it is shared, and not before.
    colleague = open_console(browser, demo, "manager@example.com")
    open_talk(colleague, name)
    shared = colleague.get_by_role("region", name=re.compile("共有した下書き"))
    assert shared.count() == 0
    shop.get_by_role("button", name="下書きを共有").click()
    shared.get_by_text("お調べして、店から").wait_for()
    shop.get_by_text("下書き・同僚に共有中").wait_for()
    keep_picture(colleague, "draft-shared")
    shared.get_by_role("button", name="引き継いで書く").click()
    expect(colleague.get_by_label("お客様への返信")).to_have_value("お調べして、店から")
    shared.wait_for(state="detached")
    shop.get_by_text("さんが下書きを引き継ぎました").wait_for()
    expect(box).to_have_value("お調べして、店から")  # nobody empties another's box

    # Handed over with the talk, by choice.
    shop.get_by_role("button", name="有人対応に切り替える").first.click()
    shop.get_by_text("対応中").first.wait_for()
    colleague.get_by_label("お客様への返信").fill("")
    shop.get_by_title("担当者と受付先").click()
    shop.get_by_role("button", name="見本店長", exact=True).click()
    hand = shop.get_by_role("region", name=re.compile("下書きを.*渡しますか"))
    hand.wait_for()
    keep_picture(shop, "draft-hand")
    hand.get_by_role("button", name="下書きを渡す").click()
    colleague.get_by_role("region", name=re.compile("から引き継いだ下書き")).wait_for()
    assert complaints == []
    for page in (shop, colleague):
        page.context.close()


def test_what_is_typed_last_is_kept_whatever_comes_next(browser: Any, demo: Demo) -> None:
    """A letter is painted before it is kept: nothing that follows at once may be faster."""
    from playwright.sync_api import expect

    name = "見本 早打ち"
    a_friend_wrote(demo, name)
    page = open_console(browser, demo, "staff-a@example.com")
    box = open_talk(page, name)
    # Each without a pause: the letter, and what comes after it, in one task of the page.
    then = """(box, act) => {
      const here = location.pathname.split('/').pop();
      box.focus();
      document.execCommand('insertText', false, act);
      if (act === '頁') location.reload();
      else if (act === '欄') document.querySelector('#tab-note').click();
      else document.querySelector(`.queue li:not([data-talk="${here}"]) a`).click();
    }"""

    box.evaluate(then, "欄")
    note = page.get_by_label(NOTE)
    expect(note).to_have_value("")
    page.get_by_role("tab", name="返信").click()
    expect(box).to_have_value("欄")
    box.evaluate(then, "話")
    expect(page.locator(".talk h1, .talk h2").first).not_to_contain_text(name)
    row_of(page, name).click()
    expect(box).to_have_value("欄話")
    with page.expect_navigation():
        box.evaluate(then, "頁")
    expect(box).to_have_value("欄話頁")
    box.fill("")
    page.context.close()
