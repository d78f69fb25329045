"""Sends that are taken back in a real browser, with all that was on its way."""

import re
from typing import Any

import pytest

from tests.whole.conftest import Demo
from tests.whole.desk import a_friend_wrote, said, sent_line
from tests.whole.test_composing import a_picture, attached
from tests.whole.test_main_job import keep_picture, open_console
from tests.whole.test_saved_replies import listen, open_talk

pytestmark = pytest.mark.browser


def test_a_reply_is_taken_back_and_the_next_arrives(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    name = "見本 取消"
    user = a_friend_wrote(demo, name)
    page = open_console(browser, demo, "staff-a@example.com")
    complaints = listen(page)
    box = open_talk(page, name)
    box.fill("まちがい")
    page.keyboard.press("Control+Enter")
    page.get_by_text(re.compile("あと[1-5]秒で送信")).wait_for()
    keep_picture(page, "undo")
    page.get_by_role("button", name="取り消す", exact=True).click()
    expect(box).to_have_value("まちがい")
    page.get_by_text("さんが送信を取り消しました").wait_for()
    box.fill("正しい返信です")
    page.keyboard.press("Control+Enter")
    page.get_by_text(re.compile("あと[1-5]秒で送信")).wait_for()
    sent_line(page, "正しい返信です").wait_for()
    assert "まちがい" not in said(demo, user)
    assert "正しい返信です" in said(demo, user)
    keep_picture(page, "undone")

    page.get_by_role("button", name="設定とサインアウト").click()
    page.get_by_role("button", name="使わない", exact=True).click()
    page.keyboard.press("Escape")
    box.fill("すぐ届く返信です")
    page.keyboard.press("Control+Enter")
    sent_line(page, "すぐ届く返信です").wait_for()
    assert page.get_by_text(re.compile("秒で送信")).count() == 0
    page.get_by_role("button", name="設定とサインアウト").click()
    page.get_by_role("button", name="5秒待ってから送る").click()
    assert complaints == []
    page.context.close()


def test_a_reply_is_taken_back_before_the_server_has_answered(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    name = "見本 早取消"
    user = a_friend_wrote(demo, name)
    page = open_console(browser, demo, "staff-a@example.com")
    complaints = listen(page)
    box = open_talk(page, name)
    kept: list[Any] = []

    def keep(route: Any) -> None:
        kept.append(route)

    page.route("**/conversations/*/messages", keep, times=1)
    box.fill("早まった返信")
    page.keyboard.press("Control+Enter")
    expect(box).to_have_value("")
    page.locator(".undo").wait_for()
    page.keyboard.press("Control+Shift+Enter")
    page.get_by_text("送信を取り消しています").wait_for()
    assert len(kept) == 1
    kept[0].continue_()

    expect(box).to_have_value("早まった返信")
    page.get_by_text("さんが送信を取り消しました").wait_for()
    box.fill("落ち着いた返信")
    page.keyboard.press("Control+Enter")
    sent_line(page, "落ち着いた返信").wait_for()
    assert "早まった返信" not in said(demo, user)
    assert complaints == []
    page.context.close()


def test_what_comes_back_and_what_is_typed_at_that_moment_are_both_kept(
    browser: Any, demo: Demo
) -> None:
    from playwright.sync_api import expect

    name = "見本 同時"
    a_friend_wrote(demo, name)
    page = open_console(browser, demo, "staff-a@example.com")
    box = open_talk(page, name)
    box.fill("戻る返信")
    page.keyboard.press("Control+Enter")
    page.locator("li.operator").filter(has_text="戻る返信").get_by_role(
        "button", name="取り消す"
    ).wait_for()
    # A letter that is not painted yet when the console hears that the message is cancelled.
    page.evaluate("""() => {
      const ask = window.fetch;
      window.fetch = async (address, ...more) => {
        const answer = await ask(address, ...more);
        if (!String(address).endsWith('/cancel')) return answer;
        const told = await answer.text();
        document.execCommand('insertText', false, '続き');
        return new Response(told, answer);
      };
    }""")

    page.keyboard.press("Control+Shift+Enter")

    page.get_by_text("さんが送信を取り消しました").wait_for()
    expect(box).to_have_value("戻る返信\n続き")
    box.fill("")
    page.context.close()


def test_a_reply_that_is_taken_back_comes_with_all_that_it_took_along(
    browser: Any, demo: Demo
) -> None:
    from playwright.sync_api import expect

    name = "見本 添付"
    user = a_friend_wrote(demo, name)
    page = open_console(browser, demo, "staff-a@example.com")
    complaints = listen(page)
    box = open_talk(page, name)
    picture = {"name": "見本.png", "mimeType": "image/png", "buffer": a_picture()}
    page.locator("input[type=file]").set_input_files(picture)
    page.get_by_text("画像として送ります").wait_for()
    page.get_by_role("button", name="クイックリプライ").click()
    page.get_by_label("ボタンの文字").fill("はい")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    box.fill("こちらです")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="取り消す", exact=True).first.click()

    expect(box).to_have_value("こちらです")
    expect(attached(page)).to_have_count(1)
    page.get_by_role("list", name="お客様に出るボタン").get_by_text("はい").wait_for()
    box.focus()
    page.keyboard.press("Control+Enter")
    sent_line(page, "こちらです").first.wait_for()
    assert said(demo, user).count("こちらです") == 1
    assert complaints == []
    page.context.close()
