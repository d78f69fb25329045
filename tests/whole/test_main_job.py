"""The main job in a real browser: a customer on the phone, an operator in the console."""

import re
from typing import Any

import pytest

from tests.whole.conftest import ARTIFACTS, Demo, sim, start_demo, stop_demo

pytestmark = pytest.mark.browser
PATIENCE_MS = 45_000


def open_console(browser: Any, demo: Demo, email: str) -> Any:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ja-JP")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(demo.url)
    page.fill("input[type=email]", email)
    page.fill("input[type=password]", demo.password(email))
    page.keyboard.press("Enter")
    page.get_by_text("接続中").first.wait_for()
    return page


def keep_picture(page: Any, name: str) -> None:
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=str(ARTIFACTS / f"{name}.png"))


def test_survey_handoff_take_answer_resolve(browser: Any, demo: Demo) -> None:
    console = open_console(browser, demo, "staff-a@example.com")
    phone = browser.new_page(viewport={"width": 390, "height": 760})
    phone.set_default_timeout(PATIENCE_MS)
    phone.goto(f"{demo.line_url}/phone")
    phone.fill("#add input", "見本 ひなた")
    phone.click("#add button")
    phone.locator(".who select").get_by_text("見本 ひなた").wait_for(state="attached")

    phone.get_by_role("button", name="友だち追加", exact=True).click()
    phone.get_by_role("button", name="はじめて").click()
    phone.get_by_role("button", name="20代").click()
    phone.get_by_text("気になるメニュー").wait_for()
    phone.get_by_label("メッセージ").fill("カット、カラー")
    phone.keyboard.press("Enter")
    phone.get_by_role("button", name="スキップ").click()
    phone.get_by_text("ご協力ありがとうございました").wait_for()
    phone.get_by_label("メッセージ").fill("スタッフと話したい")
    phone.keyboard.press("Enter")
    phone.get_by_text(re.compile("このトークでお答えします|次の営業は")).first.wait_for()
    if phone.get_by_text("次の営業は").count():  # the shop is closed: leave a message
        phone.get_by_label("メッセージ").fill("カラーの相談です")
        phone.keyboard.press("Enter")
        phone.get_by_text("承りました").wait_for()

    row = console.locator('.queue a[href^="/talks/"]').filter(has_text="見本 ひなた")
    row.wait_for()
    row.click()
    console.get_by_text("有人対応への引き継ぎ").first.wait_for()
    keep_picture(console, "handoff")
    console.get_by_role("button", name="自分が担当").first.click()
    console.get_by_text("対応中").first.wait_for()
    console.locator("textarea").first.fill("担当の見本です。ご相談をどうぞ。")
    console.keyboard.press("Control+Enter")
    phone.get_by_text("担当の見本です").wait_for()
    console.get_by_text(re.compile("送信済み・")).last.wait_for()
    keep_picture(phone, "phone")
    console.get_by_role("button", name="対応済み").first.click()
    console.get_by_text("対応済み").first.wait_for()
    keep_picture(console, "resolved")

    friends = sim(demo, "friends")
    user = next(f["user_id"] for f in friends if f["name"] == "見本 ひなた")
    screen = sim(demo, f"friends/{user}/screen")
    said = [item["message"].get("text") for item in screen if item["from"] == "account"]
    assert said.count("担当の見本です。ご相談をどうぞ。") == 1
    console.context.close()
    phone.close()


def test_what_a_customer_writes_is_only_ever_text(browser: Any, demo: Demo) -> None:
    console = open_console(browser, demo, "manager@example.com")
    dialogs: list[str] = []
    console.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    payload = "<img src=x onerror=alert(1)><script>alert(2)</script>{{name}}"
    user = sim(demo, "friends", {"account": "salon", "name": payload[:20]})["user_id"]
    sim(demo, f"friends/{user}/say", {"text": payload})

    console.get_by_text("すべて", exact=True).first.click()
    row = console.locator('.queue a[href^="/talks/"]').filter(has_text=payload[:20]).first
    row.wait_for()
    row.click()
    console.get_by_text(payload).first.wait_for()

    assert dialogs == []
    assert console.locator("img[src=x]").count() == 0
    console.context.close()


def test_a_reconnect_misses_nothing(browser: Any, demo: Demo) -> None:
    console = open_console(browser, demo, "staff-b@example.com")
    user = sim(demo, "friends", {"account": "salon", "name": "見本 つばさ"})["user_id"]
    sim(demo, f"friends/{user}/send", {"message": {"type": "sticker"}})
    row = console.locator('.queue a[href^="/talks/"]').filter(has_text="見本 つばさ")
    row.wait_for()
    row.click()
    console.get_by_text("スタンプ").first.wait_for()

    console.context.set_offline(True)
    for number in range(5):
        sim(
            demo,
            f"friends/{user}/send",
            {"message": {"type": "location", "title": f"場所{number}"}},
        )
    console.context.set_offline(False)

    for number in range(5):
        console.get_by_text(f"場所{number}").first.wait_for()
    console.context.close()


def test_a_second_start_finds_its_people(demo: Demo) -> None:
    port = int(demo.url.rsplit(":", 1)[1])
    before = {friend["name"] for friend in sim(demo, "friends")}

    assert stop_demo(demo) == 0
    again = start_demo(demo.data, port)

    assert {friend["name"] for friend in sim(again, "friends")} == before
    demo.process = again.process
