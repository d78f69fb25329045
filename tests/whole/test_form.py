"""A form in a real browser: sent by staff, opened on the phone, answered, seen in the console."""

import re
from typing import Any

import pytest

from tests.whole.conftest import Demo, sim
from tests.whole.test_main_job import PATIENCE_MS, keep_picture, open_console

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 760}


def a_phone(browser: Any, scheme: str = "light") -> Any:
    context = browser.new_context(viewport=PHONE, locale="ja-JP", color_scheme=scheme)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


def written(console: Any) -> str:
    """The address that stands in the reply now; the writer is in its box."""
    from playwright.sync_api import expect

    box = console.locator("textarea").first
    expect(box).to_have_value(re.compile(r"^http\S+/f/\S+$"))
    box.focus()
    address: str = box.input_value()
    return address


def test_a_form_is_sent_opened_answered_and_seen(browser: Any, demo: Demo) -> None:
    console = open_console(browser, demo, "staff-a@example.com")
    user = sim(demo, "friends", {"account": "salon", "name": "見本 あおい"})["user_id"]
    sim(demo, f"friends/{user}/send", {"message": {"type": "sticker"}})
    row = console.locator('.queue a[href^="/talks/"]').filter(has_text="見本 あおい")
    row.wait_for()
    row.click()
    console.get_by_role("button", name="フォーム", exact=True).click()
    keep_picture(console, "form-menu")
    console.get_by_role("button", name="友だち追加アンケート").click()
    address = written(console)
    console.keyboard.press("Control+Enter")
    console.get_by_text(re.compile("送信済み・")).last.wait_for()

    phone = a_phone(browser)
    reports: list[str] = []
    phone.on("console", lambda said: reports.append(said.text))
    phone.on("dialog", lambda dialog: (reports.append(dialog.message), dialog.dismiss()))
    phone.goto(address)
    phone.get_by_role("heading", name="ご来店は初めてですか?").wait_for()
    keep_picture(phone, "form-first")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    phone.get_by_role("button", name="はじめて").click()
    phone.get_by_role("button", name="20代").click()
    phone.get_by_label("カラー").check()
    keep_picture(phone, "form-several")
    phone.get_by_role("button", name="次へ").click()
    phone.get_by_label("日付").fill("1998-04-02")
    keep_picture(phone, "form-date")

    console.get_by_text("フォームで回答").last.wait_for()
    assert console.get_by_text("フォームに表示").count() >= 3
    keep_picture(console, "form-in-console")
    phone.get_by_role("button", name="次へ").click()
    phone.get_by_role("heading", name="ご回答ありがとうございました").wait_for()
    keep_picture(phone, "form-over")

    assert reports == []
    console.context.close()
    phone.context.close()


def test_what_is_typed_into_a_form_is_only_ever_text(browser: Any, demo: Demo) -> None:
    console = open_console(browser, demo, "manager@example.com")
    user = sim(demo, "friends", {"account": "salon", "name": "見本 みどり"})["user_id"]
    sim(demo, f"friends/{user}/send", {"message": {"type": "sticker"}})
    row = console.locator('.queue a[href^="/talks/"]').filter(has_text="見本 みどり")
    row.wait_for()
    row.click()
    console.get_by_role("button", name="フォーム", exact=True).click()
    console.get_by_role("button", name="対応後アンケート").click()
    payload = '"><img src=x onerror=alert(1)><script>alert(2)</script>{{name}}'
    dialogs: list[str] = []
    phone = a_phone(browser, "dark")
    for page in (phone, console):
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))

    phone.goto(written(console))
    phone.get_by_label("上にないときは、こちらに入力してください").fill(payload)
    phone.get_by_role("button", name="次へ").click()
    phone.get_by_role("alert").get_by_text("0から10の数字でお答えください。").wait_for()
    keep_picture(phone, "form-wrong-dark")
    phone.get_by_role("button", name="7", exact=True).click()
    phone.get_by_role("textbox").fill(payload)
    phone.get_by_role("button", name="次へ").click()
    phone.get_by_role("heading", name="ご回答ありがとうございました").wait_for()
    console.get_by_text(payload).last.wait_for()

    assert dialogs == []
    for page in (phone, console):
        assert page.locator("img[src=x]").count() == 0
        page.context.close()
