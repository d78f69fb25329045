"""People at the console, in a browser: invited, given a second factor, locked out."""

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.rfc6238 import code_at
from tests.whole.conftest import Demo
from tests.whole.test_flows_day import SIZES
from tests.whole.test_main_job import PATIENCE_MS, keep_picture, open_console

GOOD = "みかんの木が3本あるお庭です"


def code_of(secret: str) -> str:
    """The code of half a minute ago, which is good too: the one after it is still unused."""
    return code_at(secret, datetime.now(UTC) - timedelta(seconds=30))


def is_complaint(said: Any) -> bool:
    """An error that is not merely a refusal of the server, which the page tells of itself."""
    return said.type == "error" and "Failed to load resource" not in said.text


def fits(page: Any) -> bool:
    return bool(page.evaluate("document.scrollingElement.scrollWidth <= innerWidth"))


def sign_in_page(browser: Any, demo: Demo, email: str, password: str) -> Any:
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ja-JP").new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(demo.url)
    page.fill("input[type=email]", email)
    page.fill("input[type=password]", password)
    page.keyboard.press("Enter")
    return page


def invite(page: Any, email: str, role: str) -> str:
    page.get_by_role("button", name="招待する").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("メールアドレス").fill(email)
    sheet.get_by_role("radio", name=role).check()
    keep_picture(page, "people-invite")
    sheet.get_by_role("button", name="招待リンクを作る").click()
    address = page.get_by_role("dialog").get_by_label("招待リンク")
    address.wait_for()
    keep_picture(page, "people-link")
    found: str = address.input_value()
    page.get_by_role("dialog").get_by_role("button", name="閉じる").last.click()
    return found


@pytest.mark.browser
def test_a_person_is_invited_enrols_signs_in_with_a_code_and_is_locked_out(
    browser: Any, demo: Demo
) -> None:
    manager = open_console(browser, demo, "manager@example.com")
    complaints: list[str] = []
    manager.on("console", lambda m: complaints.append(m.text) if is_complaint(m) else None)
    manager.on("pageerror", lambda error: complaints.append(str(error)))
    manager.get_by_role("link", name="スタッフ", exact=True).click()
    address = invite(manager, "new@example.com", "リーダー")
    assert manager.get_by_text("招待中").is_visible()

    # The invited chooses a name and a password; a common one is refused beside its field.
    guest = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ja-JP").new_page()
    guest.set_default_timeout(PATIENCE_MS)
    guest.goto(address)
    guest.get_by_label("お名前").fill("見本の新任")
    guest.get_by_label("パスワード", exact=True).fill("password1234")
    guest.get_by_role("button", name="参加する").click()
    guest.get_by_text("推測されやすいパスワードです").wait_for()
    keep_picture(guest, "people-join")
    guest.get_by_label("パスワード", exact=True).fill(GOOD)
    guest.get_by_role("button", name="参加する").click()
    guest.get_by_text("準備ができました").wait_for()
    guest.goto(address)
    guest.reload()
    guest.get_by_text("このリンクは使えません").wait_for()
    guest.context.close()

    # The role needs a second factor: the enrolment comes right after the sign-in.
    manager.reload()
    manager.get_by_role("checkbox", name="リーダー").click()
    manager.get_by_role("button", name="必須にする").click()
    manager.get_by_text("2段階認証を必須にしました").wait_for()
    leader = sign_in_page(browser, demo, "new@example.com", GOOD)
    leader.get_by_text("2段階認証の設定が必要です").wait_for()
    secret = leader.locator(".secret").inner_text()
    keep_picture(leader, "people-enrol")
    leader.get_by_label("アプリに出ている6桁のコード").fill("000000")
    leader.get_by_role("button", name="コードを確かめてオンにする").click()
    leader.get_by_text("コードが違います").wait_for()
    leader.get_by_label("アプリに出ている6桁のコード").fill(code_of(secret))
    leader.get_by_role("button", name="コードを確かめてオンにする").click()
    leader.get_by_text("予備のコード").first.wait_for()
    recovery = leader.locator("ol li").all_inner_texts()
    assert len(recovery) == 10
    keep_picture(leader, "people-recovery")
    with leader.expect_download() as file:
        leader.get_by_role("button", name="ファイルに保存").click()
    assert recovery[0] in file.value.path().read_text()
    leader.get_by_role("button", name="窓口に入る").click()
    leader.get_by_text("接続中").first.wait_for()

    # The next sign-in asks for a code; a recovery code serves once.
    other = sign_in_page(browser, demo, "new@example.com", GOOD)
    other.get_by_label("認証アプリの6桁のコード").fill(recovery[0].lower())
    keep_picture(other, "people-code")
    other.keyboard.press("Enter")
    other.get_by_text("接続中").first.wait_for()
    other.goto(f"{demo.url}/me")
    other.get_by_text("予備のコードの残りは9個です").wait_for()
    other.get_by_role("button", name=re.compile("をサインアウト")).wait_for()
    keep_picture(other, "people-me")

    # A new password signs the other browser out, and leaves this one in.
    other.get_by_label("いまのパスワード").fill(GOOD)
    other.get_by_label("新しいパスワード", exact=True).fill(GOOD + "2")
    other.get_by_role("button", name="パスワードを変える").click()
    leader.get_by_text("サインインの期限が切れました").wait_for(timeout=5000)
    other.get_by_text("ほかにサインイン中の端末はありません").wait_for()

    # Locked out: gone at once.
    manager.get_by_role("button", name="見本の新任の設定").click()
    manager.get_by_role("button", name="利用を停止").click()
    keep_picture(manager, "people-person")
    manager.get_by_role("button", name="利用を停止").last.click()
    manager.get_by_text("見本の新任の利用を停止しました").wait_for()
    other.get_by_text("サインインの期限が切れました").wait_for(timeout=5000)
    manager.keyboard.press("Escape")
    manager.get_by_role("checkbox", name="リーダー").click()
    manager.get_by_text("任意に戻しました").wait_for()

    # After a while a grave change asks for the password again, and goes on where one was.
    with closing(sqlite3.connect(demo.data / "madoguchi.db")) as db, db:
        db.execute("UPDATE operator_session SET proved_at = NULL")
    manager.get_by_role("button", name="見本スタッフBの設定").click()
    manager.get_by_role("button", name="パスワード再設定のリンクを作る").click()
    manager.get_by_label("あなたのパスワード").fill("x")
    manager.get_by_role("button", name="確認して続ける").click()
    manager.get_by_text("パスワードが違います").wait_for()
    keep_picture(manager, "people-proof")
    manager.get_by_label("あなたのパスワード").fill(demo.password("manager@example.com"))
    manager.get_by_role("button", name="確認して続ける").click()
    manager.get_by_role("textbox", name="パスワード再設定のリンク").wait_for()
    manager.keyboard.press("Escape")

    manager.get_by_role("link", name="操作履歴").click()
    manager.get_by_text("見本の新任の利用を停止した").wait_for()
    manager.get_by_label("種類").select_option("people")
    manager.get_by_text("招待を受けて参加した").wait_for()
    assert complaints == []
    for page in (manager, leader, other):
        page.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_the_pages_of_people_fit_every_screen(
    browser: Any, demo: Demo, size: str, theme: str
) -> None:
    page = open_console(browser, demo, "manager@example.com")
    width, height = SIZES[size]
    page.emulate_media(color_scheme=theme)
    for room, told in (("staff", "最終利用"), ("audit", "サインインした"), ("me", "最終利用")):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{demo.url}/{room}")
        page.get_by_text(told).first.wait_for(state="attached")
        keep_picture(page, f"people-{room}-{size}-{theme}")
        assert fits(page), f"{room} is wider than the screen"
    page.context.close()
