"""Finding a key: the help, the palette, keys of one's own, and none for what one may not do."""

import re
from typing import Any

import pytest

from tests.whole.conftest import Demo
from tests.whole.screens import PATIENCE_MS, first_talk, signed_in
from tests.whole.test_main_job import keep_picture
from tests.whole.test_saved_replies import listen

pytestmark = pytest.mark.browser


def test_the_help_and_the_palette_find_and_do_and_give_the_keyboard_back(
    browser: Any, demo: Demo
) -> None:
    from playwright.sync_api import expect

    with signed_in(browser, demo) as page:
        complaints = listen(page)
        page.goto(demo.url + first_talk(page))
        page.get_by_role("log", name="トークの内容").wait_for()
        press = page.keyboard.press
        log = page.get_by_role("log", name="トークの内容")
        log.focus()

        press("?")
        sheet = page.get_by_role("dialog", name="ショートカット")
        search = sheet.get_by_label("ショートカットを探す")
        expect(search).to_be_focused()
        search.fill("たいおうずみ")
        expect(sheet.locator("dt")).to_have_text(
            [
                "選んだトークを対応済みにする",
                "対応済みにする",
                "対応済みにして次のトークへ",
                "対応済みの一覧へ",
            ]
        )
        press("Escape")
        expect(log).to_be_focused()

        # An action by its reading in Latin letters, a person, and what was said.
        press("Control+k")
        box = page.get_by_role("combobox", name="操作・画面・お客様・本文を探す")
        expect(box).to_be_focused()
        page.keyboard.type("no-towokaku")
        options = page.get_by_role("dialog").get_by_role("option")
        expect(options.first).to_contain_text("ノートを書く")
        press("Enter")
        expect(page.get_by_label("ノート(お客様には見えません)", exact=True)).to_be_focused()

        press("Control+k")  # also from within a box
        expect(box).to_be_focused()
        page.keyboard.type("見本 森")
        page.get_by_role("dialog").get_by_text("お客様", exact=True).wait_for()
        options.filter(has_text="見本 森").first.wait_for()
        keep_picture(page, "palette-search")
        press("ArrowDown")
        press("ArrowUp")
        press("Escape")
        expect(page.get_by_label("ノート(お客様には見えません)", exact=True)).to_be_focused()

        press("Control+k")
        expect(box).to_be_focused()
        page.keyboard.type("見本 森")
        options.filter(has_text="見本 森").first.click()
        page.get_by_role("heading", name="見本 森さん", level=1).wait_for()
        press("Control+k")
        page.get_by_role("dialog").get_by_text("最近のトーク").wait_for()
        expect(box).to_be_focused()
        page.keyboard.type("すたっふ")
        expect(options.first).to_contain_text("スタッフへ")
        press("Enter")
        page.get_by_role("heading", name="スタッフ", level=1).wait_for()
        assert complaints == []


def test_keys_of_ones_own_are_recorded_warned_about_and_follow_the_person(
    browser: Any, demo: Demo
) -> None:
    from playwright.sync_api import expect

    with signed_in(browser, demo) as page:
        complaints = listen(page)
        press = page.keyboard.press
        page.goto(demo.url + "/me")
        page.get_by_role("button", name="変更:「ノートを書く」のキー").click()
        press("Enter")
        page.get_by_text("Enter はブラウザーや入力で使うキーです").wait_for()
        press("r")
        page.get_by_text("R は「返信を書く」に使われています").wait_for()
        keep_picture(page, "keys-conflict")
        page.get_by_role("button", name="こちらに移す").click()
        change = page.get_by_role("button", name="変更:「ノートを書く」のキー")
        expect(change).to_be_focused()
        reply = page.get_by_role("listitem").filter(has_text=re.compile("^返信を書く"))
        reply.get_by_text("キーなし").wait_for()

        # On another machine.
        with signed_in(browser, demo) as other:
            other.goto(demo.url + first_talk(other))
            other.get_by_role("log", name="トークの内容").wait_for()
            other.wait_for_timeout(500)
            other.keyboard.press("r")
            note = other.get_by_label("ノート(お客様には見えません)", exact=True)
            expect(note).to_be_focused()
            note.fill("")

        # Two keys in a row; then off, all at once.
        page.get_by_role("button", name="変更:「返信を書く」のキー").click()
        press("w")
        press("r")
        page.get_by_text("W R を受け取りました").wait_for()
        page.get_by_role("button", name="このキーにする").click()
        page.get_by_label("1文字のショートカットを使う").uncheck()
        page.get_by_role("heading", name="ショートカット").click()
        press("g")
        press("i")
        press("?")
        page.wait_for_timeout(300)
        assert page.url.endswith("/me")
        assert page.get_by_role("dialog").count() == 0
        press("Control+k")
        page.get_by_role("dialog").wait_for()
        press("Escape")

        # All as at first.
        page.get_by_label("1文字のショートカットを使う").check()
        page.get_by_role("button", name="すべて元に戻す").click()
        page.get_by_role("dialog").get_by_role("button", name="すべて元に戻す").click()
        expect(page.get_by_role("button", name="すべて元に戻す")).to_be_disabled()
        page.get_by_role("heading", name="ショートカット").click()
        press("g")
        press("i")
        page.locator(".queue").wait_for(timeout=PATIENCE_MS)
        assert complaints == []


def test_a_viewer_has_no_key_for_what_they_may_not_do(browser: Any, demo: Demo) -> None:
    with signed_in(browser, demo) as page:
        page.goto(demo.url + "/?view=unassigned")
        page.locator(".queue .row").first.wait_for()
        page.route("**/api/v1/session", viewer)
        page.reload()
        page.locator(".queue .row").first.click()
        page.get_by_role("log", name="トークの内容").wait_for()
        for key in ("e", "m", "a", "s", "b", "t", "n", "r"):
            page.keyboard.press(key)
        page.keyboard.press("?")
        sheet = page.get_by_role("dialog", name="ショートカット")
        sheet.get_by_text("次のトークへ").first.wait_for()
        assert sheet.get_by_text("対応済みにする").count() == 0
        assert sheet.get_by_text("スタッフへ").count() == 0
        page.unroute("**/api/v1/session")


def viewer(route: Any) -> None:
    """The same person with the least role: the house has no viewer among its samples."""
    answer = route.fetch()
    session = answer.json() if answer.ok and answer.body() else {}
    if "operator" in session:
        session["operator"]["role"] = "viewer"
    route.fulfill(response=answer, json=session)
