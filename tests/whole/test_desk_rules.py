"""The rules of the counter in a browser: decided on a page, seen in the list, and done."""

import re
from typing import Any

import pytest

from tests.whole.conftest import Demo
from tests.whole.test_flows_day import SIZES
from tests.whole.test_main_job import keep_picture, open_console
from tests.whole.test_people_day import fits

pytestmark = pytest.mark.browser


def choose(page: Any, label: str, words: str) -> Any:
    """A setting of everybody's rule, the first on the page."""
    select = page.get_by_label(label, exact=True).first
    select.select_option(label=words)
    return select


def open_talk(page: Any, name: str) -> None:
    page.get_by_role("link", name="すべて", exact=True).first.click()
    row = page.locator('.queue a[href^="/talks/"]').filter(has_text=name)
    row.first.click()
    page.locator("header h1").filter(has_text=name).wait_for()


def decide(page: Any) -> None:
    """A first answer within a minute, and whoever is least busy is given what waits."""
    page.get_by_role("link", name="窓口の決まり").click()
    page.get_by_role("heading", name="窓口の決まり").wait_for()
    keep_picture(page, "desk-rules-off")
    choose(page, "最初の返信", "決める")
    page.get_by_label("最初の返信 (分)").fill("0")
    page.get_by_text("1から10080までの数字を入れてください").wait_for()
    assert page.get_by_role("button", name="保存", exact=True).is_disabled()
    page.get_by_label("最初の返信 (分)").fill("1")
    choose(page, "時間の数え方", "24時間数える")
    page.get_by_text("最初の返信は、24時間数えて1分以内").first.wait_for()
    choose(page, "割り当て", "する")
    page.get_by_role("button", name="「主担当」を下へ").click()
    keep_picture(page, "desk-rules")
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("窓口の決まりを変えました。").wait_for()


def test_rules_are_decided_seen_and_done(browser: Any, demo: Demo) -> None:
    manager = open_console(browser, demo, "manager@example.com")
    staff = open_console(browser, demo, "staff-a@example.com")

    _story(manager, staff)

    manager.context.close()
    staff.context.close()


def _story(manager: Any, staff: Any) -> None:
    from playwright.sync_api import expect

    # The manager decides, and takes no talks.
    manager.get_by_role("button", name="設定とサインアウト").click()
    manager.get_by_role("button", name="離席").click()
    manager.get_by_text("離席にしました。").wait_for()
    manager.keyboard.press("Escape")
    decide(manager)

    # The rule gives what waits to who is there; who takes it over lets go, and it is given again.
    manager.get_by_role("link", name="すべて", exact=True).first.click()
    rows = manager.locator('.queue a[href^="/talks/"]')
    given_away = rows.filter(has=manager.locator(".chip.active"))
    name = given_away.locator(".name b").first.inner_text()
    open_talk(manager, name)
    manager.get_by_role("button", name="担当を代わる", exact=True).click()
    manager.get_by_role("dialog").get_by_role("button", name="担当を代わる").click()
    manager.get_by_role("button", name="対応済み", exact=True).wait_for()
    manager.get_by_role("button", name="担当:自分").click()
    keep_picture(manager, "desk-assign-menu")
    manager.get_by_role("group", name="担当者と受付先").get_by_role(
        "button", name="担当なし"
    ).click()
    given = manager.get_by_text(re.compile("見本スタッフAさんに自動で割り当てました"))
    given.first.wait_for()
    expect(manager.get_by_role("button", name=re.compile("担当:見本スタッフA"))).to_be_visible()

    # A late answer says so in the list and in the head.
    open_talk(staff, name)
    chip = staff.locator("header .chip").filter(has_text=re.compile("あと1分|超過|期限"))
    chip.first.wait_for(timeout=60_000)  # the warning comes half a minute before the end
    keep_picture(staff, "desk-late")
    staff.locator('.queue a[href^="/talks/"] .chip').filter(
        has_text=re.compile("あと1分|超過|期限")
    ).first.wait_for()

    # Who goes out of office leaves what waits to the queue.
    staff.get_by_role("button", name="設定とサインアウト").click()
    staff.get_by_role("button", name="不在にする…").click()
    sheet = staff.get_by_role("dialog")
    keep_picture(staff, "desk-out")
    sheet.get_by_role("button", name="不在にする").click()
    staff.get_by_text("不在にしました。").first.wait_for()
    staff.get_by_text("見本スタッフAさんが不在のため、受付先に移りました").first.wait_for()

    _look(manager)


def _look(page: Any) -> None:
    """On every width and ground, and in English."""
    page.get_by_role("link", name="窓口の決まり").click()
    page.get_by_role("heading", name="在席").wait_for()
    page.get_by_text("不在(期限なし)").wait_for()
    for width, height in SIZES.values():
        page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            keep_picture(page, f"desk-rules-{width}-{theme}")
            assert fits(page), width
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("button", name="設定とサインアウト").click()
    page.get_by_role("button", name="English").click()
    page.keyboard.press("Escape")
    page.get_by_role("heading", name="Desk rules").wait_for()
    page.get_by_text("The first response is due within 1 minutes around the clock").first.wait_for()
    assert not re.search("[ぁ-んァ-ン]", page.locator("main section.rule").inner_text())
    keep_picture(page, "desk-rules-english")
    page.get_by_role("button", name="Settings and sign-out").click()
    page.get_by_role("button", name="日本語").click()
