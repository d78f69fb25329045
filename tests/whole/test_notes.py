"""Notes in a real browser: edited, deleted, two at once, and the list of one's own mentions."""

import re
from typing import Any

import pytest

from tests.whole.conftest import Demo
from tests.whole.desk import NOTE, a_friend_wrote
from tests.whole.screens import call
from tests.whole.test_flows_day import SIZES
from tests.whole.test_main_job import keep_picture, open_console
from tests.whole.test_saved_replies import compose, listen, open_talk

pytestmark = pytest.mark.browser
THEMES = ("light", "dark")


def write_note(page: Any, words: str) -> None:
    page.get_by_role("tab", name="ノート").click()
    page.get_by_label(NOTE).fill(words)
    page.keyboard.press("Control+Enter")
    note_of(page, words).wait_for()


def note_of(page: Any, words: str) -> Any:
    return page.get_by_role("log").locator("li.of-note").filter(has_text=words)


def open_note_menu(page: Any, words: str) -> Any:
    """By the keyboard: the line, then its menu."""
    note_of(page, words).focus()
    page.keyboard.press("o")
    menu = page.get_by_role("dialog", name="このノートの操作")
    menu.wait_for()
    return menu


def take_pictures(page: Any, name: str) -> None:
    """At every width, in both themes."""
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            page.wait_for_timeout(250)
            keep_picture(page, f"{name}-{size}-{theme}")
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 900})


def test_a_note_is_edited_and_deleted_and_colleagues_see_it_at_once(
    browser: Any, demo: Demo
) -> None:
    from playwright.sync_api import expect

    name = "見本 ノート編集"
    a_friend_wrote(demo, name)
    page = open_console(browser, demo, "staff-a@example.com")
    leader = open_console(browser, demo, "manager@example.com")
    refused, none = listen(page), listen(leader)
    open_talk(page, name)
    open_talk(leader, name)
    write_note(page, "前回はカツト")
    note_of(leader, "前回はカツト").wait_for()

    # A leader may delete what others wrote, and not put words into their mouth.
    menu = open_note_menu(leader, "前回はカツト")
    expect(menu.get_by_role("button")).to_have_text(["文をコピー", "削除"])
    leader.keyboard.press("Escape")

    menu = open_note_menu(page, "前回はカツト")
    keep_picture(page, "note-menu")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog", name="ノートの編集")
    box = sheet.get_by_label(NOTE)
    expect(box).to_be_focused()
    expect(box).to_have_value("前回はカツト")
    box.fill("前回はカット。@")
    sheet.get_by_role("option").first.wait_for()
    take_pictures(page, "note-edit")
    box.press("Escape")
    expect(sheet).to_be_visible()  # that was the list's
    box.fill("前回はカット")
    page.keyboard.press("Control+Enter")
    sheet.wait_for(state="detached")
    expect(note_of(page, "前回はカット")).to_contain_text("編集済み")
    expect(note_of(leader, "前回はカット")).to_contain_text("編集済み")
    expect(page.get_by_text("前回はカツト")).to_have_count(0)

    # The leader deletes it while its writer is at it again: the writer is told, and loses no word.
    open_note_menu(page, "前回はカット").get_by_role("button", name="編集").click()
    box.fill("前回はカット、次回はカラー")
    open_note_menu(leader, "前回はカット").get_by_role("button", name="削除").click()
    asked = leader.get_by_role("dialog").filter(has_text="このノートを削除しますか")
    take_pictures(leader, "note-delete")
    asked.get_by_role("button", name="削除する").click()
    gone = re.compile("さんが見本スタッフAさんのノートを削除しました")
    leader.get_by_role("log").get_by_text(gone).wait_for()
    expect(leader.locator("li[data-note]").filter(has_text=gone)).to_be_focused()
    page.keyboard.press("Control+Enter")
    sheet.get_by_text("このノートは先に削除されました").wait_for()
    expect(sheet.get_by_role("button", name=re.compile("この文にする|保存"))).to_be_disabled()
    keep_picture(page, "note-gone")
    expect(box).to_have_value("前回はカット、次回はカラー")
    sheet.get_by_role("button", name="やめる").click()
    page.get_by_role("log").get_by_text(gone).wait_for()
    take_pictures(page, "note-deleted")
    for one in (page, leader):
        expect(one.get_by_text("前回はカット", exact=True)).to_have_count(0)
        expect(one.get_by_text("編集済み")).to_have_count(0)
        one.context.close()
    assert ["409" in one for one in refused] == [True]  # the browser's own word about it
    assert none == []


def test_the_same_note_written_anew_on_two_screens(browser: Any, demo: Demo) -> None:
    name = "見本 ノート二画面"
    a_friend_wrote(demo, name)
    shop = open_console(browser, demo, "staff-a@example.com")
    home = open_console(browser, demo, "staff-a@example.com")
    open_talk(shop, name)
    open_talk(home, name)
    write_note(shop, "一つ目の文")
    for page in (shop, home):
        open_note_menu(page, "一つ目の文").get_by_role("button", name="編集").click()
    shop.get_by_role("dialog").get_by_label(NOTE).fill("店で書いた文")
    shop.keyboard.press("Control+Enter")
    note_of(home, "店で書いた文").wait_for()
    home.get_by_role("dialog").get_by_label(NOTE).fill("家で書いた文")
    home.keyboard.press("Control+Enter")

    sheet = home.get_by_role("dialog", name="ノートの編集")
    sheet.get_by_text("このノートは先に別の画面で変更されました").wait_for()
    sheet.get_by_text("店で書いた文").wait_for()
    keep_picture(home, "note-stale")
    sheet.get_by_role("button", name="この文にする").click()
    note_of(shop, "家で書いた文").wait_for()
    for page in (shop, home):
        page.context.close()


def test_ones_mentions_come_live_and_lead_to_their_note(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    name = "見本 自分宛て"
    a_friend_wrote(demo, name)
    page = open_console(browser, demo, "staff-b@example.com")
    complaints = listen(page)
    writer = open_console(browser, demo, "staff-a@example.com")
    open_talk(writer, name)
    me = call(page, "GET", "/session")["operator"]["id"]
    talk = writer.url.rpartition("/talks/")[2].partition("?")[0]
    link = page.get_by_role("link", name="自分宛て", exact=False).first
    assert call(page, "GET", "/me/mentions")["unseen"] == 0

    def mention(number: int) -> None:
        body = {
            "client_note_id": f"m-{number}",
            "text": f"@見本スタッフB {number}つ目の確認をお願いします",
            "mentions": [me],
        }
        call(writer, "POST", f"/conversations/{talk}/notes", body)

    for number in range(1, 4):
        mention(number)
    expect(link).to_contain_text("3")
    for _ in range(2):
        page.keyboard.press("g")
        page.keyboard.press("c")
    rows = page.locator(".queue .row")
    expect(rows.first).to_contain_text("3つ目の確認")
    expect(rows.locator("mark.me").first).to_have_text("@見本スタッフB")
    mention(4)
    expect(rows.first).to_contain_text("4つ目の確認")
    expect(rows.first.get_by_role("img", name="未確認")).to_be_visible()
    take_pictures(page, "mentions")

    # By the keyboard to the second, and into its talk; all there are seen then.
    rows.first.focus()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.locator(".marked").get_by_text("3つ目の確認").wait_for()
    expect(rows.first.get_by_role("img", name="未確認")).to_have_count(0)
    take_pictures(page, "mentions-jump")
    page.get_by_label("未確認だけ").check()
    page.get_by_text("未確認のものはありません").wait_for()
    take_pictures(page, "mentions-none")
    page.reload()
    page.locator(".queue .bar").wait_for()
    expect(page.locator(".queue h1")).to_have_text("自分宛て")

    # A deleted note is in nobody's list.
    note = call(writer, "GET", f"/conversations/{talk}/notes")["items"][-1]
    call(writer, "DELETE", f"/notes/{note['id']}", {"version": note["version"]})
    expect(rows.filter(has_text="4つ目の確認")).to_have_count(0)
    assert complaints == []
    for one in (page, writer):
        one.context.close()


def test_a_colleague_is_called_in_a_note_also_by_an_input_method(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    name = "見本 ノート"
    a_friend_wrote(demo, name)
    called = open_console(browser, demo, "staff-b@example.com")
    page = open_console(browser, demo, "staff-a@example.com")
    complaints = listen(page)
    open_talk(page, name)
    page.get_by_role("tab", name="ノート").click()
    box = page.get_by_label(NOTE)
    box.focus()
    menu = page.get_by_role("listbox", name="呼ぶスタッフ")
    keyboard = compose(page, "＠")
    page.wait_for_timeout(200)
    assert menu.count() == 0  # it is still being converted
    keyboard.send("Input.insertText", {"text": "＠"})
    menu.wait_for()
    keep_picture(page, "mention-menu")
    box.press_sequentially("スタッフB")
    expect(menu.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(box).to_have_value("@見本スタッフB ")
    box.press_sequentially("確認をお願いします")
    page.keyboard.press("Control+Enter")
    page.locator("mark").get_by_text("@見本スタッフB").first.wait_for()

    toast = called.get_by_text(re.compile("見本スタッフAさんがノートであなたを呼んでいます"))
    toast.wait_for()
    keep_picture(called, "mention-toast")
    toast.click()
    called.locator("mark.me").get_by_text("@見本スタッフB").first.wait_for()
    box.press_sequentially("mail@example.com")
    assert menu.count() == 0
    box.fill("")
    assert complaints == []
    for one in (page, called):
        one.context.close()
