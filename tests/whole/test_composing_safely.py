"""Composing safely in a real browser: scheduled sends, in English too, on every screen."""

import re
from typing import Any

import pytest

from tests.whole.conftest import Demo, sim
from tests.whole.desk import a_friend_wrote, row_of, said, sent_line
from tests.whole.test_flows_day import SIZES
from tests.whole.test_main_job import keep_picture, open_console
from tests.whole.test_saved_replies import listen, open_talk

pytestmark = pytest.mark.browser


def test_a_message_is_scheduled_changed_stopped_by_a_reply_and_sent_now(
    browser: Any, demo: Demo
) -> None:
    from playwright.sync_api import expect

    name = "見本 日時"
    user = a_friend_wrote(demo, name)
    page = open_console(browser, demo, "staff-a@example.com")
    complaints = listen(page)
    box = open_talk(page, name)
    opener = page.get_by_role("button", name="日時指定送信")
    opener.click()
    page.get_by_text("先に返信の文を書いてください").wait_for()
    opener.click()
    box.fill("明日お待ちしています")
    opener.click()
    page.get_by_role("button", name=re.compile("^明日の朝")).click()
    page.get_by_text("日時はAsia/Tokyoの時刻です").wait_for()
    keep_picture(page, "later-form")
    page.get_by_role("button", name="この日時に送る").click()
    expect(box).to_have_value("")
    item = page.get_by_role("listitem").filter(has_text="明日お待ちしています").first
    item.get_by_text("返信があったら送らない").wait_for()
    row_of(page, name).get_by_text("日時指定送信").wait_for()
    keep_picture(page, "later-list")

    item.get_by_role("button", name="編集").click()
    page.get_by_label("送る文").fill("明後日お待ちしています")
    page.get_by_role("button", name="変更を保存").click()
    item = page.get_by_role("listitem").filter(has_text="明後日お待ちしています").first
    item.wait_for()

    sim(demo, f"friends/{user}/say", {"text": "やっぱりやめます"})
    item.get_by_text("お客様から返信があったため、送りませんでした").wait_for()
    keep_picture(page, "later-stopped")
    item.get_by_role("button", name="いま送る").click()
    page.get_by_text("日時指定送信(1件)").wait_for(state="detached")
    sent_line(page, "明後日お待ちしています").wait_for()
    assert said(demo, user).count("明後日お待ちしています") == 1
    assert complaints == []
    page.context.close()


def test_the_same_in_english(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    name = "見本 English"
    a_friend_wrote(demo, name)
    page = open_console(browser, demo, "staff-b@example.com")
    open_talk(page, name)
    page.get_by_role("button", name="設定とサインアウト").click()
    page.get_by_role("button", name="English").click()
    page.keyboard.press("Escape")
    box = page.get_by_label("Reply to the customer")
    box.fill("See you tomorrow")
    page.get_by_text("Draft · kept").wait_for()
    page.get_by_text(re.compile(r"Free · \d+ s left|Free for \d+ s more|1 message")).wait_for()
    page.get_by_role("button", name="Scheduled send").click()
    page.get_by_role("button", name=re.compile("^Tomorrow morning")).click()
    keep_picture(page, "later-form-en")
    page.get_by_role("button", name="Send at this time").click()
    item = page.get_by_role("listitem").filter(has_text="See you tomorrow").first
    item.get_by_text("Not if the customer replies").wait_for()
    item.get_by_role("button", name="Delete").click()
    page.get_by_text("Scheduled sends (1)").wait_for(state="detached")
    box.fill("Oops")
    page.keyboard.press("Control+Enter")
    page.get_by_text(re.compile("Sends in [1-5] s")).wait_for()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(box).to_have_value("Oops")
    page.get_by_text("took a message back").wait_for()
    keep_picture(page, "undone-en")
    box.fill("")
    page.get_by_role("button", name=re.compile("Settings")).first.click()
    page.get_by_role("button", name="日本語").click()
    page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_it_fits_every_screen(browser: Any, demo: Demo, size: str, theme: str) -> None:
    name = f"見本 {size} {theme}"
    a_friend_wrote(demo, name)
    page = open_console(browser, demo, "manager@example.com")
    page.emulate_media(color_scheme=theme)
    box = open_talk(page, name)
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    box.fill("明日の10時にお待ちしています。\nお気をつけてお越しください。")
    page.get_by_role("button", name="日時指定送信").click()
    page.get_by_role("button", name=re.compile("^明日の朝")).click()

    def fits() -> bool:
        wide: bool = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        return wide

    assert fits()
    panel = page.get_by_role("group", name="日時指定送信").bounding_box()
    assert panel["x"] >= 0
    assert panel["x"] + panel["width"] <= width
    assert panel["y"] >= 0
    keep_picture(page, f"later-form-{size}-{theme}")
    page.get_by_role("button", name="この日時に送る").click()
    page.get_by_text(re.compile("日時指定送信\\(1件\\)")).wait_for()
    box.fill("続けて書いている下書きです")
    page.get_by_text("下書き・保存済み").wait_for()
    page.keyboard.press("Control+Enter")
    page.get_by_text(re.compile("あと[1-5]秒で送信")).wait_for()
    box.fill("つぎの下書き")
    page.get_by_text("下書き・保存済み").wait_for()
    assert fits()
    keep_picture(page, f"composing-{size}-{theme}")
    box.fill("")
    page.get_by_role("button", name="削除", exact=True).click()
    page.get_by_text(re.compile("日時指定送信\\(1件\\)")).wait_for(state="detached")
    page.context.close()
