"""What staff can send, in a real browser: pictures, files, ways to answer, emoji, long texts."""

import re
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tests.whole.conftest import Demo, begin_talk, sim
from tests.whole.test_flows_day import SIZES, speak
from tests.whole.test_main_job import keep_picture, open_console
from tests.whole.test_saved_replies import compose, listen, open_talk

pytestmark = pytest.mark.browser
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n"
PASTE = """(box, files) => {
    const data = new DataTransfer();
    for (const { name, type, bytes } of files)
        data.items.add(new File([Uint8Array.from(bytes)], name, { type }));
    box.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
}"""
DROP = """(files) => {
    const data = new DataTransfer();
    for (const { name, type, bytes } of files)
        data.items.add(new File([Uint8Array.from(bytes)], name, { type }));
    const log = document.querySelector('[role=log]');
    for (const kind of ['dragenter', 'dragover', 'drop'])
        log.dispatchEvent(
            new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
}"""


def a_file(name: str, content: bytes, kind: str = "") -> dict[str, Any]:
    return {"name": name, "type": kind, "bytes": list(content)}


def a_picture(colour: str = "teal") -> bytes:
    written = BytesIO()
    Image.new("RGB", (320, 240), colour).save(written, "PNG")
    return written.getvalue()


def user_of(demo: Demo, name: str) -> str:
    found: str = next(f["user_id"] for f in sim(demo, "friends") if f["name"] == name)
    return found


def screen_of(demo: Demo, name: str) -> list[dict[str, Any]]:
    shown = sim(demo, f"friends/{user_of(demo, name)}/screen")
    return [item["message"] for item in shown if item["from"] == "account"]


def arrive(page: Any, demo: Demo, name: str, text: str) -> None:
    """Wait until the phone has it: it leaves when it can be undone no more."""
    for _ in range(150):
        if any(text in one.get("text", "") for one in screen_of(demo, name)):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"it never arrived: {text}")


def attached(page: Any, label: str = "添付") -> Any:
    return page.get_by_role("list", name=label, exact=True).get_by_role("listitem")


def test_pictures_a_file_and_ways_to_answer_reach_the_phone(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    page = open_console(browser, demo, "staff-a@example.com")
    complaints = listen(page)
    box = open_talk(page, "見本 田辺")

    # Two pictures are pasted at once; words that come with a picture stay words.
    box.evaluate(PASTE, [a_file("image.png", a_picture(), "image/png")] * 2)
    expect(attached(page)).to_have_count(2)
    expect(attached(page).get_by_text("画像として送ります")).to_have_count(2)

    # A file is dropped; what cannot be sent says why, and the rest stays.
    page.get_by_role("log").wait_for()
    page.evaluate(DROP, [a_file("お見積もり.pdf", PDF), a_file("危ない.exe", b"MZ")])
    expect(attached(page)).to_have_count(4)
    page.get_by_text("この種類は送れません").wait_for()
    page.get_by_text(re.compile("リンクで送ります(.*まで開けます)")).wait_for()
    box.fill("お写真とお見積もりです")
    expect(page.locator(".composer .btn.pri")).to_be_disabled()
    page.get_by_text("送れない添付を外すと送信できます").wait_for()
    keep_picture(page, "compose-attached")
    page.get_by_role("button", name="「危ない.exe」を外す").click()
    expect(attached(page)).to_have_count(3)

    # Order and names by hand.
    page.get_by_role("button", name="「お見積もり.pdf」を前へ").click()
    name = page.get_by_label("「お見積もり.pdf」の名前")
    name.fill("12月のお見積もり")
    name.press("Enter")
    page.get_by_label("「12月のお見積もり.pdf」の名前").wait_for()

    # Ways to answer, with an input method in the middle of it.
    page.get_by_role("button", name="クイックリプライ").click()
    label = page.get_by_label("ボタンの文字")
    expect(label).to_be_focused()
    compose(page, "はい").send("Input.insertText", {"text": "はい"})
    label.press("Enter")
    label.fill("相談したい")
    page.get_by_label("届く文章").fill("相談したいです")
    keep_picture(page, "compose-quick")
    page.locator(".composer").get_by_role("button", name="追加").click()
    page.keyboard.press("Escape")
    expect(box).to_be_focused()
    chips = page.get_by_role("list", name="お客様に出るボタン").get_by_role("listitem")
    expect(chips).to_have_count(2)

    # All of it survives a reload.
    page.reload()
    expect(attached(page)).to_have_count(3)
    expect(chips).to_have_count(2)
    box = page.get_by_label("お客様への返信")
    expect(box).to_have_value("お写真とお見積もりです")
    keep_picture(page, "compose-whole")
    box.press("Control+Enter")
    expect(attached(page)).to_have_count(0)
    picture = page.locator('[role=log] button[aria-label*="貼り付けた画像"] img').last
    picture.wait_for()
    assert picture.evaluate("one => one.decode().then(() => one.naturalWidth)") == 320
    keep_picture(page, "compose-sent")

    # The phone shows them in order, and what is tapped comes back as words.
    arrive(page, demo, "見本 田辺", "お写真とお見積もりです")
    text, first, file, last = screen_of(demo, "見本 田辺")[-4:]
    assert text["text"] == "お写真とお見積もりです"
    assert [one["type"] for one in (first, file, last)] == ["image", "flex", "image"]
    assert file["altText"].startswith("ファイル: 12月のお見積もり.pdf(")
    assert [item["action"]["label"] for item in last["quickReply"]["items"]] == [
        "はい",
        "相談したい",
    ]
    phone = browser.new_page(viewport={"width": 390, "height": 760})
    phone.goto(f"{demo.line_url}/phone#{user_of(demo, '見本 田辺')}")
    shown = phone.locator(".bubble.picture img").last
    shown.wait_for()
    assert shown.evaluate("one => one.decode().then(() => one.naturalWidth)") == 320
    keep_picture(phone, "compose-phone")
    phone.locator(".quick button").get_by_text("相談したい").click()
    page.locator(".customer .bubble").get_by_text("相談したいです").last.wait_for()
    assert complaints == []
    phone.close()
    page.context.close()


def test_a_dead_line_keeps_the_files_and_sends_them_when_it_is_back(
    browser: Any, demo: Demo
) -> None:
    from playwright.sync_api import expect

    page = open_console(browser, demo, "staff-a@example.com")
    box = open_talk(page, "見本 大野")
    page.context.set_offline(True)

    box.evaluate(PASTE, [a_file("image.png", a_picture("purple"), "image/png")])
    page.get_by_text("接続を待っています").wait_for()
    keep_picture(page, "compose-offline")
    box.fill("紫の見本です")
    box.press("Control+Enter")
    expect(attached(page)).to_have_count(0)
    page.get_by_role("list", name="添付 1件").wait_for()
    page.context.set_offline(False)

    page.locator('[role=log] button[aria-label*="貼り付けた画像"] img').last.wait_for()
    arrive(page, demo, "見本 大野", "紫の見本です")
    text, picture = screen_of(demo, "見本 大野")[-2:]
    assert (text["text"], picture["type"]) == ("紫の見本です", "image")
    page.context.close()


def test_emoji_and_a_text_that_is_too_long(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    page = open_console(browser, demo, "staff-a@example.com")
    complaints = listen(page)
    box = open_talk(page, "見本 森")
    box.fill("前後")
    box.press("ArrowLeft")

    # At the caret, by words and by arrows; the panel stays for the next one.
    page.get_by_role("button", name="絵文字", exact=True).click()
    search = page.get_by_label("絵文字を探す")
    expect(search).to_be_focused()
    search.fill("さくら")
    search.press("Enter")
    expect(box).to_have_value("前🌸後")
    page.get_by_role("button", name="絵文字", exact=True).click()
    page.get_by_role("button", name="絵文字", exact=True).click()
    search.fill("はーと")
    search.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(box).to_have_value("前🌸❤️後")
    keep_picture(page, "compose-emoji")
    page.keyboard.press("Escape")
    expect(box).to_be_focused()

    sentence = "これは長いお知らせの一文です。"
    box.fill(sentence * 400)
    page.get_by_text("1,000文字超えています", exact=False).or_(
        page.get_by_text("1000文字", exact=False)
    ).first.wait_for()
    keep_picture(page, "compose-long")
    page.get_by_role("button", name="文の切れ目で2通に分けて送る").click()
    expect(box).to_have_value("")
    arrive(page, demo, "見本 森", sentence)
    pieces = [message["text"] for message in screen_of(demo, "見本 森")[-2:]]
    assert "".join(pieces) == sentence * 400
    assert all(piece.endswith("。") and len(piece) <= 5000 for piece in pieces)
    assert complaints == []
    page.context.close()


def test_an_answer_quotes_what_the_customer_wrote(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    page = open_console(browser, demo, "staff-a@example.com")
    box = open_talk(page, "見本 森")
    line = page.locator("li.line.customer").filter(has_text="予約を変えられますか").first
    stop = page.get_by_role("button", name="引用をやめる")

    def choose_quote() -> None:
        line.hover()
        line.get_by_role("button", name="このメッセージの操作").click()
        page.get_by_text("引用して返信").click()

    choose_quote()
    page.get_by_text("見本 森さんのメッセージを引用").wait_for()
    stop.click()
    stop.wait_for(state="detached")
    choose_quote()
    keep_picture(page, "compose-quote")
    box.fill("はい、変えられます")
    box.press("Control+Enter")
    stop.wait_for(state="detached")
    expect(box).to_have_value("")
    page.locator("li.line.operator").filter(has_text="はい、変えられます").wait_for()
    arrive(page, demo, "見本 森", "はい、変えられます")

    user = user_of(demo, "見本 森")
    screen = sim(demo, f"friends/{user}/screen")
    asked = next(i for i in screen if i["message"].get("text") == "予約を変えられますか")
    assert screen[-1]["message"]["text"] == "はい、変えられます"
    assert screen[-1]["quoted"] == asked["id"]
    keep_picture(page, "compose-quoted")
    page.context.close()


def test_an_open_menu_stays_when_the_talk_moves_on(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    name = "見本 先へ"
    user = begin_talk(demo, name)
    page = open_console(browser, demo, "staff-a@example.com")
    box = open_talk(page, name)
    box.fill("スタッフが承ります")  # whatever the hour, the bot is silent from here on
    page.keyboard.press("Control+Enter")
    page.locator("li.line.operator").get_by_text(re.compile("送信済み")).wait_for()
    page.set_viewport_size({"width": 1440, "height": 560})
    last = page.locator("li.line").get_by_role("button", name="このメッセージの操作").last
    button = last.element_handle()
    button.click()
    menu = page.get_by_role("dialog", name="このメッセージの操作")
    menu.wait_for()
    before = button.bounding_box()["y"]
    for number in range(2):
        sim(demo, f"friends/{user}/say", {"text": f"続きです{number}"})
        page.locator("[role=log]").get_by_text(f"続きです{number}", exact=True).wait_for()
    page.wait_for_function(
        "([button, before]) => button.getBoundingClientRect().top < before - 50",
        arg=[button, before],
    )
    expect(menu).to_be_visible()
    beside, opened = button.bounding_box(), menu.bounding_box()
    is_below = abs(opened["y"] - (beside["y"] + beside["height"])) < 8
    assert is_below or abs(opened["y"] + opened["height"] - beside["y"]) < 8
    page.locator("[role=log]").evaluate("log => log.scrollTo(0, 0)")
    expect(menu).to_have_count(0)
    assert page.evaluate("button => document.activeElement === button", button)
    page.context.close()


def test_what_is_opened_of_a_line_fits_a_phone_that_lies(browser: Any, demo: Demo) -> None:
    page = open_console(browser, demo, "staff-a@example.com")
    name = "見本 横向き"
    begin_talk(demo, name)
    open_talk(page, name)
    page.set_viewport_size({"width": 740, "height": 360})
    opener = page.locator("li.line.bot").last.get_by_role("button", name="このメッセージの操作")
    opener.evaluate("node => node.scrollIntoView({ block: 'end' })")
    opener.click()
    page.get_by_role("button", name="送信の詳細").click()
    details = page.get_by_role("dialog", name="送信の詳細")
    details.wait_for()

    keep_picture(page, "details-low")
    opened = details.bounding_box()
    assert opened["y"] >= 0
    assert opened["y"] + opened["height"] <= 360
    page.context.close()


def test_the_composer_speaks_english(browser: Any, demo: Demo) -> None:
    page = open_console(browser, demo, "staff-b@example.com")
    box = open_talk(page, "見本 山口")
    speak(page, "設定とサインアウト", "English")
    box = page.get_by_label("Reply to the customer").or_(page.locator("textarea")).first

    box.evaluate(PASTE, [a_file("image.png", a_picture(), "image/png")])
    page.get_by_role("log").wait_for()
    page.evaluate(DROP, [a_file("estimate.pdf", PDF)])
    page.get_by_text("Sent as a picture").wait_for()
    page.get_by_text(re.compile("Sent as a link")).wait_for()
    page.get_by_role("button", name="Quick replies").click()
    page.get_by_label("Button", exact=True).fill("Yes, please")
    page.locator(".composer").get_by_role("button", name="Add").click()
    keep_picture(page, "compose-english")
    page.keyboard.press("Escape")
    words = page.locator(".composer").inner_text()
    assert not re.search("[ぁ-ん]", words.replace("貼り付けた", "")), words
    for name in ("Remove Pasted picture.png", "Remove estimate.pdf", "Remove Yes, please"):
        page.get_by_role("button", name=name).click()
    speak(page, "Settings and sign-out", "日本語")
    page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_the_composer_fits_every_screen(browser: Any, demo: Demo, size: str, theme: str) -> None:
    page = open_console(browser, demo, "manager@example.com")
    page.emulate_media(color_scheme=theme)
    box = open_talk(page, "見本 大野")
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    box.evaluate(PASTE, [a_file("image.png", a_picture(), "image/png")])
    page.get_by_role("log").wait_for()
    page.evaluate(DROP, [a_file("お見積もり.pdf", PDF), a_file("危ない.exe", b"MZ")])
    page.get_by_text("画像として送ります").first.wait_for()
    page.get_by_role("button", name="クイックリプライ").click()
    page.get_by_label("ボタンの文字").fill("はい")
    page.get_by_label("ボタンの文字").press("Enter")

    def fits() -> bool:
        wide: bool = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        return wide

    assert fits()
    keep_picture(page, f"compose-quick-{size}-{theme}")
    page.keyboard.press("Escape")
    keep_picture(page, f"compose-{size}-{theme}")
    page.get_by_role("button", name="絵文字", exact=True).click()
    page.get_by_label("絵文字を探す").wait_for()
    panel = page.get_by_role("group", name="絵文字").first.bounding_box()
    assert panel["x"] >= 0
    assert panel["x"] + panel["width"] <= width
    assert fits()
    keep_picture(page, f"compose-emoji-{size}-{theme}")
    page.keyboard.press("Escape")
    while page.get_by_role("button", name=re.compile("」を外す$")).count():
        page.get_by_role("button", name=re.compile("」を外す$")).first.click()
    page.context.close()
