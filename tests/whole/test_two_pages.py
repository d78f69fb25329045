"""Pages of one browser: what one takes back the other does not send, and each is one person's."""

from typing import Any

import pytest

from tests.whole.conftest import Demo
from tests.whole.desk import a_friend_wrote, said, sent_line
from tests.whole.test_composing import a_picture, attached
from tests.whole.test_main_job import PATIENCE_MS, open_console
from tests.whole.test_saved_replies import listen, open_talk

pytestmark = pytest.mark.browser
SENDS = "**/conversations/*/messages"
BLOCKED = {"error": {"code": "blocked", "message": "ブロックされています"}}


def beside(page: Any) -> Any:
    """The same place in another page of the same browser."""
    other = page.context.new_page()
    other.set_default_timeout(PATIENCE_MS)
    other.goto(page.url)
    return other


def outgoing(page: Any, text: str) -> Any:
    return page.locator('[role="log"] li:has(.undo, .link)').filter(has_text=text)


def test_what_one_page_takes_back_the_other_does_not_send(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    name = "見本 二画面"
    user = a_friend_wrote(demo, name)
    page = open_console(browser, demo, "staff-a@example.com")
    complaints = listen(page)
    box = open_talk(page, name)
    page.context.route(SENDS, lambda route: route.abort())
    box.fill("出してはいけない返信")
    page.keyboard.press("Control+Enter")
    page.locator(".undo").wait_for()
    other = beside(page)
    outgoing(other, "出してはいけない返信").wait_for()

    page.keyboard.press("Control+Shift+Enter")
    for each in (page, other):
        each.get_by_text("送信を取り消しています").wait_for()
    page.context.unroute(SENDS)

    expect(box).to_have_value("出してはいけない返信")
    for each in (page, other):
        each.get_by_text("さんが送信を取り消しました").wait_for()
        expect(outgoing(each, "出してはいけない返信")).to_have_count(0)
    expect(page.locator(".toast")).to_have_count(1)
    expect(other.locator(".toast")).to_have_count(0)
    box.fill("落ち着いた返信")
    page.keyboard.press("Control+Enter")
    sent_line(other, "落ち着いた返信").wait_for()
    assert said(demo, user).count("落ち着いた返信") == 1
    assert "出してはいけない返信" not in said(demo, user)
    assert [one for one in complaints if "ERR_FAILED" not in one] == []
    page.context.close()


def test_what_one_page_took_back_and_closed_is_taken_back_by_the_other(
    browser: Any, demo: Demo
) -> None:
    from playwright.sync_api import expect

    name = "見本 閉じた画面"
    user = a_friend_wrote(demo, name)
    page = open_console(browser, demo, "staff-b@example.com")
    box = open_talk(page, name)
    page.context.route(SENDS, lambda route: route.abort())
    box.fill("閉じる前に取り消した返信")
    page.keyboard.press("Control+Enter")
    page.locator(".undo").wait_for()
    other = beside(page)
    outgoing(other, "閉じる前に取り消した返信").wait_for()

    page.keyboard.press("Control+Shift+Enter")
    other.get_by_text("送信を取り消しています").wait_for()
    page.close()
    other.context.unroute(SENDS)

    other.get_by_text("さんが送信を取り消しました").wait_for()
    expect(other.get_by_label("お客様への返信")).to_have_value("閉じる前に取り消した返信")
    assert "閉じる前に取り消した返信" not in said(demo, user)
    other.context.close()


def test_what_one_page_throws_away_the_other_cannot_send_again(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    name = "見本 捨てた返信"
    a_friend_wrote(demo, name)
    page = open_console(browser, demo, "staff-b@example.com")
    box = open_talk(page, name)
    page.context.route(SENDS, lambda route: route.fulfill(status=409, json=BLOCKED))
    box.fill("捨てる返信")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="再送").wait_for()
    other = beside(page)
    other.get_by_role("button", name="再送").wait_for()

    page.get_by_role("button", name="破棄").click()

    expect(other.get_by_role("button", name="再送")).to_have_count(0)
    other.reload()
    other.get_by_text("接続中").first.wait_for()
    expect(outgoing(other, "捨てる返信")).to_have_count(0)
    page.context.close()


def sign_in(page: Any, demo: Demo, email: str) -> None:
    page.fill("input[type=email]", email)
    page.fill("input[type=password]", demo.password(email))
    page.keyboard.press("Enter")
    page.get_by_text("接続中").first.wait_for()


def test_a_page_goes_on_in_the_session_that_another_has_begun(browser: Any, demo: Demo) -> None:
    name = "見本 二度目"
    a_friend_wrote(demo, name)
    page = open_console(browser, demo, "staff-a@example.com")
    box = open_talk(page, name)
    email = "staff-a@example.com"
    page.context.request.post(
        f"{demo.url}/api/v1/session",
        data={"email": email, "password": demo.password(email)},
        headers={"Origin": demo.url},
    )

    box.fill("二度目のサインインの後の返信")
    page.keyboard.press("Control+Enter")

    sent_line(page, "二度目のサインインの後の返信").wait_for()
    page.context.close()


def test_who_signs_in_after_somebody_finds_nothing_of_theirs(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    name = "見本 交代"
    user = a_friend_wrote(demo, name)
    page = open_console(browser, demo, "staff-a@example.com")
    box = open_talk(page, name)
    page.context.route(SENDS, lambda route: route.abort())
    box.fill("前の人の返信")
    page.keyboard.press("Control+Enter")
    page.locator(".undo").wait_for()
    picture = {"name": "見本.png", "mimeType": "image/png", "buffer": a_picture()}
    page.locator("input[type=file]").set_input_files(picture)
    expect(attached(page)).to_have_count(1)

    page.context.clear_cookies()
    sign_in(page, demo, "staff-b@example.com")
    page.context.unroute(SENDS)
    box = open_talk(page, name)
    expect(attached(page)).to_have_count(0)
    box.fill("次の人の返信")
    page.keyboard.press("Control+Enter")

    sent_line(page, "次の人の返信").wait_for()
    expect(outgoing(page, "前の人の返信")).to_have_count(0)
    assert "前の人の返信" not in said(demo, user)
    page.context.close()
