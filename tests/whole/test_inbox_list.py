"""The list in a real browser: narrowed, kept under a name, done to many, and taken back."""

import re
from typing import Any

import pytest

from tests.whole.conftest import Demo, begin_talk
from tests.whole.test_flows_day import SIZES
from tests.whole.test_main_job import keep_picture, open_console
from tests.whole.test_saved_replies import listen

pytestmark = pytest.mark.browser
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龥]")


def rows(page: Any) -> Any:
    return page.locator("[data-talk]")


def box(page: Any, number: int) -> Any:
    return rows(page).nth(number).get_by_role("checkbox")


def names(page: Any) -> list[str]:
    shown: list[str] = page.locator("[data-talk] .name b").all_inner_texts()
    return shown


def test_a_list_is_narrowed_kept_and_shared(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    page = open_console(browser, demo, "manager@example.com")
    complaints = listen(page)
    page.get_by_role("link", name="すべて", exact=True).first.click()
    expect(rows(page)).to_have_count(12)
    expect(rows(page).first).to_have_attribute("aria-setsize", "12")

    # One panel; each condition counts at once, stands in the address, and is a chip.
    page.get_by_role("button", name="絞り込み", exact=True).click()
    panel = page.get_by_role("region", name="絞り込み")
    panel.get_by_label("要対応").check()
    expect(rows(page)).to_have_count(2)
    panel.get_by_label("対応済み").check()
    panel.get_by_label("未確認のみ").check()
    expect(rows(page)).to_have_count(2)
    keep_picture(page, "list-filter")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=re.compile("^絞り込み"))).to_be_focused()
    assert "status=waiting&status=done&unseen=1" in page.url
    page.reload()
    expect(rows(page)).to_have_count(2)
    page.get_by_role("button", name="条件「要対応」を外す").click()
    page.get_by_text("この条件に合うトークはありません").wait_for()
    page.go_back()
    expect(rows(page)).to_have_count(2)

    # Kept under a name, for everybody.
    page.get_by_role("button", name="条件を保存").click()
    sheet = page.get_by_role("dialog", name="条件を保存")
    sheet.get_by_role("button", name="保存").click()
    sheet.get_by_text("名前を入れてください。").wait_for()
    sheet.get_by_label("名前").fill("未確認の要対応")
    sheet.get_by_label("スタッフ全員と共有する").check()
    keep_picture(page, "list-save")
    sheet.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1, name="未確認の要対応")).to_be_visible()
    link = page.get_by_role("link", name=re.compile("^未確認の要対応"))
    expect(link).to_have_attribute("aria-current", "page")
    expect(link).to_contain_text("2")

    staff = open_console(browser, demo, "staff-b@example.com")
    staff.get_by_role("link", name=re.compile("^未確認の要対応")).click()
    expect(rows(staff)).to_have_count(2)
    staff.get_by_role("button", name="保存した条件の管理").click()
    assert staff.get_by_role("button", name="「未確認の要対応」を消す").count() == 0
    staff.keyboard.press("Escape")

    # Another order is another list: it can be kept over the old one.
    page.get_by_label("並び順").select_option("newest")
    page.get_by_role("button", name="上書き保存").click()
    page.get_by_text("「未確認の要対応」を保存しました。").last.wait_for()
    expect(page.get_by_role("button", name="上書き保存")).to_have_count(0)

    # Renamed, removed, put back.
    page.get_by_role("button", name="保存した条件の管理").click()
    page.get_by_role("button", name="「未確認の要対応」の名前を変える").click()
    page.get_by_label("名前", exact=True).fill("まだ見ていない方")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="「まだ見ていない方」を消す").click()
    page.get_by_text("「まだ見ていない方」を消しました。").wait_for()
    page.get_by_role("button", name="元に戻す").click()
    page.get_by_role("link", name="「まだ見ていない方」を開く").wait_for()
    page.get_by_role("button", name="閉じる", exact=True).first.click()
    expect(page.get_by_role("link", name=re.compile("^まだ見ていない方"))).to_be_visible()
    assert complaints == []
    page.context.close()
    staff.context.close()


def test_many_are_done_at_once_and_taken_back(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    page = open_console(browser, demo, "staff-a@example.com")
    other = open_console(browser, demo, "staff-b@example.com")
    complaints = listen(page)
    for each in (page, other):
        each.goto(f"{demo.url}/?view=all&status=waiting&status=bot")
        expect(rows(each)).to_have_count(9)

    # From one to another with Shift; a tag for all of them, and off again.
    box(page, 2).check(force=True)
    box(page, 5).click(modifiers=["Shift"])
    page.get_by_text("4件選択").wait_for()
    page.get_by_role("button", name="ほかの操作").click()
    page.get_by_role("button", name="タグを付ける").click()
    page.get_by_label("タグの名前").fill("見本の印")
    page.keyboard.press("Enter")
    page.get_by_text("4件に「見本の印」を付けました。").wait_for()
    keep_picture(page, "list-bulk")
    page.get_by_role("button", name="元に戻す").click()
    page.get_by_text("4件を元に戻しました。").wait_for()

    # Everybody who waits is done; what the bot has cannot be, and that is said.
    page.mouse.move(900, 400)
    page.get_by_label("表示中のすべてを選ぶ").click()
    page.get_by_text("9件選択").wait_for()
    page.get_by_role("button", name="対応済み", exact=True).click()
    why = "いまの対応状況ではこの操作はできません 7件"
    page.get_by_text(f"2件を対応済みにしました。 7件はできませんでした({why})。").wait_for()
    page.get_by_text("7件選択").wait_for()
    other.get_by_role("link", name=re.compile("^対応済み")).first.click()
    expect(rows(other)).to_have_count(3)
    page.get_by_role("button", name="元に戻す").last.click()
    page.get_by_text("2件を元に戻しました。").wait_for()
    expect(rows(other)).to_have_count(1)
    page.get_by_role("button", name="選択をやめる").first.click()

    # Unseen again, from the open talk: looking elsewhere does not undo it.
    page.get_by_role("link", name=re.compile("^要対応")).first.click()
    expect(rows(page)).to_have_count(2)
    name = names(page)[0]
    rows(page).first.get_by_role("link").click()
    page.get_by_role("button", name="トークの操作").click()
    page.get_by_role("button", name="未確認に戻す").click()
    page.get_by_text(f"{name}さんのトークを未確認に戻しました。").wait_for()
    assert "/talks/" not in page.url
    expect(rows(page).first.get_by_text("未確認 1件")).to_be_attached()
    assert complaints == []
    page.context.close()
    other.context.close()


def test_the_list_stands_still_under_the_mouse(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    page = open_console(browser, demo, "staff-a@example.com")
    other = open_console(browser, demo, "staff-b@example.com")
    for each in (page, other):
        each.goto(f"{demo.url}/?view=bot")
        expect(rows(each)).to_have_count(7)
    before = names(page)

    rows(page).nth(3).hover()
    box(other, 0).check(force=True)
    other.get_by_role("button", name="担当", exact=True).click()
    other.get_by_role("button", name=re.compile("見本スタッフB")).click()
    other.get_by_text("1件を自分の担当にしました。").wait_for()
    rows(page).nth(3).hover(position={"x": 60, "y": 30})
    fresh = page.get_by_role("button", name="新着・変更 1件を表示")
    fresh.wait_for()
    assert names(page) == before
    keep_picture(page, "list-held")
    page.mouse.move(900, 400)
    expect(rows(page)).to_have_count(6)
    assert names(page) == [name for name in before if name != before[0]]
    page.context.close()
    other.context.close()


def test_the_list_by_keys_and_in_english(browser: Any, demo: Demo) -> None:
    begin_talk(demo, "見本 えいご")
    page = open_console(browser, demo, "staff-b@example.com")
    page.get_by_role("button", name="設定とサインアウト").first.click()
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.get_by_role("button", name="English").click()
    page.goto(f"{demo.url}/?view=all&status=waiting&status=bot&unseen=1&waited=30&sort=unseen")
    page.get_by_text("No conversation matches these conditions").wait_for()
    page.get_by_role("button", name="Remove the condition “30 min or more”").click()
    rows(page).first.wait_for()

    rows(page).first.get_by_role("checkbox").focus()
    page.keyboard.press("Space")
    page.get_by_text("1 selected").wait_for()
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Mark seen").click()
    page.get_by_text("Marked 1 as seen.").wait_for()
    page.get_by_role("button", name=re.compile("^Filter")).click()
    panel = page.get_by_role("region", name="Filter")
    panel.wait_for()
    told = page.locator(".queue > .bar, .queue > .chips, .toast").all_inner_texts()
    heads = panel.locator("legend, footer, .quiet").all_inner_texts()
    assert [text for text in told + heads if JAPANESE.search(text)] == []
    page.get_by_role("button", name="Save this view").last.click()
    sheet = page.get_by_role("dialog")
    assert JAPANESE.search(sheet.inner_text()) is None
    page.keyboard.press("Escape")
    for width, height in SIZES.values():
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(150)
        overflow = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0, width
    page.context.close()


def test_whoever_leaves_a_talk_is_led_to_its_row_however_far_away_it_is(
    browser: Any, demo: Demo
) -> None:
    from playwright.sync_api import expect

    for number in range(8):
        begin_talk(demo, f"見本 長い列{number}")
    page = open_console(browser, demo, "staff-a@example.com")
    page.set_viewport_size({"width": 1440, "height": 500})
    page.route("**/conversations?*limit=50*", _begin_short)
    page.route("**/conversations?*cursor=*", lambda route: route.abort())
    page.goto(f"{demo.url}/?view=all")
    page.get_by_role("button", name="続きを読み込む").wait_for()
    queue = page.locator(".queue .scroll")
    expect(rows(page).first).to_have_attribute("aria-setsize", "-1")
    row = page.locator('[data-talk][aria-posinset="18"]').get_by_role("link")

    queue.evaluate("node => node.scrollTop = node.scrollHeight")
    row.click()
    page.keyboard.press("r")
    expect(page.get_by_label("お客様への返信")).to_be_focused()
    queue.evaluate("node => node.scrollTop = 0")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")

    expect(row).to_be_focused()
    expect(row).to_be_in_viewport(ratio=0.9)
    assert "/talks/" not in page.url
    page.context.close()


def _begin_short(route: Any) -> None:
    """A list that goes on at the server after 18 talks."""
    route.continue_(url=route.request.url.replace("limit=50", "limit=18"))
