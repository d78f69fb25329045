"""Saved replies in a real browser: by slash, button and input method; and how they are kept."""

import re
from typing import Any

import pytest

from tests.whole.conftest import Demo
from tests.whole.test_flows_day import SIZES
from tests.whole.test_main_job import keep_picture, open_console

pytestmark = pytest.mark.browser
ENTER_229 = {"type": "rawKeyDown", "windowsVirtualKeyCode": 229, "key": "Enter", "code": "Enter"}


def open_talk(page: Any, name: str) -> Any:
    page.get_by_role("link", name="すべて", exact=True).first.click()
    row = page.locator('.queue a[href^="/talks/"]').filter(has_text=name)
    row.first.wait_for()
    row.first.click()
    box = page.get_by_label("お客様への返信")
    box.wait_for()
    box.fill("")
    return box


def search_box(page: Any) -> Any:
    return page.get_by_role("combobox", name="題名・本文・ショートカットで探す")


def options(page: Any) -> Any:
    return page.get_by_role("listbox", name="見つかった定型文").get_by_role("option")


def chosen(box: Any) -> str:
    words: str = box.evaluate("one => one.value.slice(one.selectionStart, one.selectionEnd)")
    return words


def compose(page: Any, text: str) -> Any:
    keyboard = page.context.new_cdp_session(page)
    where = {"text": text, "selectionStart": len(text), "selectionEnd": len(text)}
    keyboard.send("Input.imeSetComposition", where)
    return keyboard


def listen(page: Any) -> list[str]:
    """What the page complains of; but the pictures of stickers are LINE's own, and not at hand."""
    complaints: list[str] = []

    def hear(message: Any) -> None:
        if message.type == "error" and "ERR_NAME_NOT_RESOLVED" not in message.text:
            complaints.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(f"{error} {error.stack}"))
    return complaints


def test_a_slash_puts_in_a_reply_and_what_is_missing_is_not_sent(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    page = open_console(browser, demo, "staff-a@example.com")
    complaints = listen(page)
    box = open_talk(page, "見本 田辺")

    # A slash inside what is written is a slash.
    box.press_sequentially("https://example.com/11/27")
    assert search_box(page).count() == 0
    box.press("Enter")
    box.press_sequentially("/")
    search_box(page).wait_for()
    options(page).nth(2).wait_for()
    keep_picture(page, "reply-menu")
    page.keyboard.press("Escape")
    expect(box).to_be_focused()
    expect(box).to_have_value("https://example.com/11/27\n/")

    # By keys alone: the slash is replaced, what stood before it stays, and undo takes it back.
    box.press("Backspace")
    page.keyboard.type("/予約")
    page.keyboard.press("Enter")  # it may come before the list does
    expect(box).to_have_value(
        re.compile(r"^https://example\.com/11/27\n見本 田辺さん、見本の美容室の見本スタッフAです。")
    )
    assert chosen(box) == "{{予約の希望日時}}"
    keep_picture(page, "reply-missing")
    page.keyboard.press("Control+z")
    expect(box).to_have_value("https://example.com/11/27\n/")
    page.keyboard.press("Control+Shift+z")

    # A hole is held with a word; filled, it goes.
    page.keyboard.press("End")
    page.keyboard.press("Control+Enter")
    page.get_by_role("alert").filter(has_text="「予約の希望日時」が入っていません").wait_for()
    assert chosen(box) == "{{予約の希望日時}}"
    keep_picture(page, "reply-held")
    page.keyboard.type("12月1日 10:00")
    page.get_by_role("alert").filter(has_text="入っていません").wait_for(state="detached")
    page.keyboard.press("Control+Enter")
    page.get_by_text(re.compile("12月1日 10:00 でお間違いない")).last.wait_for()
    expect(box).to_have_value("")

    # Staff choose; they do not write.
    page.get_by_role("button", name="定型文", exact=True).click()
    search_box(page).wait_for()
    assert page.get_by_role("button", name="定型文の管理").count() == 0
    page.get_by_role("button", name="定型文", exact=True).click()
    search_box(page).wait_for(state="detached")
    page.get_by_role("tab", name="ノート").click()
    page.get_by_label("ノート(お客様には見えません)").press_sequentially("/")
    assert search_box(page).count() == 0
    page.get_by_label("ノート(お客様には見えません)").press("Backspace")
    assert complaints == []
    page.context.close()


def test_an_input_method_asks_searches_and_its_enter_chooses_nothing(
    browser: Any, demo: Demo
) -> None:
    from playwright.sync_api import expect

    page = open_console(browser, demo, "staff-a@example.com")
    box = open_talk(page, "見本 森")
    box.focus()

    keyboard = compose(page, "／")
    page.wait_for_timeout(200)
    assert search_box(page).count() == 0  # it is still being converted
    keyboard.send("Input.insertText", {"text": "／"})
    search_box(page).wait_for()
    options(page).nth(2).wait_for()

    keyboard = compose(page, "ちゅうしゃ")
    keyboard.send("Input.dispatchKeyEvent", ENTER_229)
    page.wait_for_timeout(300)
    expect(box).to_have_value("／")
    assert options(page).count() == 3
    keyboard.send("Input.insertText", {"text": "駐車"})
    expect(options(page)).to_have_count(1)
    page.keyboard.press("Enter")
    expect(box).to_have_value(re.compile("^見本 森さん、お問い合わせ"))

    # In the middle of a text, at the cursor, by the button.
    box.fill("前後")
    box.press("ArrowLeft")
    page.get_by_role("button", name="定型文", exact=True).click()
    search_box(page).fill("なにもない")
    page.get_by_text("「なにもない」に合う定型文はありません").wait_for()
    search_box(page).fill("お礼")
    options(page).filter(has_text="ご来店のお礼").click()
    expect(box).to_have_value(re.compile("^前見本 森さん、本日は.*見本スタッフA後$", re.DOTALL))

    # A conversion whose words begin with the slash searches with the rest of them.
    box.fill("")
    box.focus()
    compose(page, "／お礼").send("Input.insertText", {"text": "／お礼"})
    expect(search_box(page)).to_have_value("お礼")
    page.keyboard.press("Escape")
    box.fill("")
    page.context.close()


def test_a_manager_writes_mends_deletes_and_takes_back(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    page = open_console(browser, demo, "manager@example.com")
    complaints = listen(page)
    open_talk(page, "見本 大野").press_sequentially("/")
    page.get_by_role("button", name="定型文の管理").click()
    page.get_by_role("button", name="定型文を作る").click()
    page.get_by_label("題名").fill("見積もり")
    page.get_by_label("ショートカット").fill("お礼")
    text = page.get_by_label("本文", exact=True)
    text.fill("お見積もりです。\n{{nmae}}")
    problem = page.get_by_role("button", name=re.compile("2行目: 「nmae」という差し込み"))
    problem.wait_for()
    expect(page.get_by_role("button", name="保存", exact=True)).to_be_disabled()
    keep_picture(page, "reply-form-problem")
    problem.click()
    assert chosen(text) == "{{nmae}}"
    page.get_by_role("button", name="お客様の名前").click()
    page.get_by_text("お見積もりです。 見本 花子").wait_for()
    page.get_by_label("カルテの項目").select_option(label="お誕生日")
    page.get_by_text("見本 花子2026-12-01").wait_for()
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("「ご来店のお礼」が同じショートカットを使っています。").wait_for()

    # A closed sheet loses nothing.
    page.keyboard.press("Escape")
    page.get_by_role("button", name="設定とサインアウト").click()
    page.get_by_role("button", name="定型文の管理").click()
    page.get_by_role("button", name="定型文を作る").get_by_text("書きかけ").wait_for()
    page.get_by_role("button", name="定型文を作る").click()
    expect(page.get_by_label("本文", exact=True)).to_have_value(
        "お見積もりです。\n{{name}}{{field.birthday}}"
    )
    page.get_by_label("ショートカット").fill("見積")
    page.get_by_text("見本 花子2026-12-01").wait_for()
    keep_picture(page, "reply-form")
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_role("heading", name="見積もり").wait_for()
    keep_picture(page, "reply-list")

    # Two managers at one text: the later is told, and chooses.
    other = open_console(browser, demo, "manager@example.com")
    other.get_by_role("button", name="設定とサインアウト").click()
    other.get_by_role("button", name="定型文の管理").click()
    other.get_by_role("button", name="「見積もり」を編集").click()
    page.get_by_role("button", name="「見積もり」を編集").click()
    for one, words in ((other, "先の文"), (page, "後の文")):
        one.get_by_label("本文", exact=True).fill(words)
        one.locator(".bubble").get_by_text(words).wait_for()
        one.get_by_role("button", name="保存", exact=True).click()
    trouble = page.get_by_role("alert").filter(has_text="ほかの人が先に")
    trouble.get_by_text("先の文").wait_for()
    expect(page.get_by_role("button", name="保存", exact=True)).to_be_disabled()
    keep_picture(page, "reply-lost")
    page.get_by_role("button", name="自分の内容で保存").click()
    page.get_by_label("本文", exact=True).wait_for(state="detached")
    page.get_by_text("後の文").first.wait_for()
    other.context.close()

    page.get_by_role("button", name="「見積もり」を削除").click()
    page.get_by_role("heading", name="見積もり").wait_for(state="detached")
    keep_picture(page, "reply-removed")
    page.get_by_role("button", name="元に戻す").click()
    page.get_by_role("heading", name="見積もり").wait_for()
    page.get_by_role("button", name="「見積もり」を削除").click()
    page.get_by_role("heading", name="見積もり").wait_for(state="detached")
    assert [one for one in complaints if "409" not in one] == []
    page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_the_menu_and_the_sheet_fit_every_screen(
    browser: Any, demo: Demo, size: str, theme: str
) -> None:
    page = open_console(browser, demo, "manager@example.com")
    page.emulate_media(color_scheme=theme)
    open_talk(page, "見本 山口")
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.get_by_role("button", name="定型文", exact=True).click()
    options(page).nth(2).wait_for()

    def fits() -> bool:
        wide: bool = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        return wide

    assert fits()
    menu = search_box(page).bounding_box()
    assert menu["x"] >= 0
    assert menu["x"] + menu["width"] <= width
    keep_picture(page, f"reply-menu-{size}-{theme}")
    page.get_by_role("button", name="定型文の管理").click()
    page.get_by_role("heading", name="駐車場のご案内").wait_for()
    keep_picture(page, f"reply-list-{size}-{theme}")
    page.get_by_role("button", name="「予約日時の確認」を編集").click()
    page.locator(".bubble").get_by_text("見本 花子さん").wait_for()
    assert fits()
    keep_picture(page, f"reply-form-{size}-{theme}")
    page.get_by_role("button", name="やめる").click()
    page.context.close()
