"""A manager keeps the house in forms: opening hours, tags, questions; the text stays the file."""

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.whole.conftest import Demo
from tests.whole.test_flows_day import SIZES
from tests.whole.test_main_job import keep_picture, open_console

pytestmark = pytest.mark.browser
SHOWN = {
    "calendars/main.yaml": "毎週の営業時間",
    "faq/salon.yaml": "質問をためす",
    "tags.yaml": "お客様に付く印です",
    "fields.yaml": "カルテに残る",
    "links.yaml": "フローの文に",
    "queues.yaml": "トークが人の対応を待つ場所",
}


def open_file(page: Any, demo: Demo, file: str) -> None:
    page.goto(f"{demo.url}/flows/{file}")
    page.get_by_text(SHOWN[file]).first.wait_for()


def save(page: Any) -> None:
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("保存済み").wait_for()


def listen(page: Any) -> list[str]:
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def test_opening_hours_are_changed_by_form_and_the_rest_of_the_file_stays(
    browser: Any, demo: Demo
) -> None:
    path = demo.data / "flows" / "calendars" / "main.yaml"
    before = path.read_text()
    path.write_text(f"# 営業時間\n{before}# おわり\n")
    page = open_console(browser, demo, "manager@example.com")
    complaints = listen(page)
    page.get_by_role("link", name="フロー").click()
    page.get_by_role("link", name="calendars/main.yaml").click()

    # One day of a line that stands for four, and a second span past midnight.
    page.get_by_label("水曜: 営業か休みか").select_option(label="休み")
    page.get_by_role("button", name="金曜: 時間を足す").click()
    last = page.get_by_label("金曜: 2つ目の終わり")
    last.fill("２：００")
    last.press("Tab")
    page.get_by_text("翌日2:00まで").wait_for()

    # What is no time stays where it was typed, and is not written.
    first = page.get_by_label("火曜: 1つ目の始まり")
    first.fill("10時ごろ")
    first.press("Tab")
    page.locator("input[aria-invalid=true]").wait_for()
    first.fill("9:30")
    first.press("Tab")

    # Days off, seen in the month that the bot would keep.
    day = (datetime.now(ZoneInfo("Asia/Tokyo")).replace(day=1) + timedelta(days=40)).date()
    page.get_by_label("足す日(初め)").fill(day.isoformat())
    page.get_by_role("button", name="休みとして足す").click()
    page.get_by_role("button", name=f"{day} を消す").wait_for()
    month = page.get_by_role("region", name="月の表示")
    month.get_by_role("button", name="次の月").click()
    month.get_by_text(f"{day.year}年{day.month}月").wait_for()
    month.get_by_text("特別").first.wait_for()
    keep_picture(page, "calendar-form")

    page.get_by_role("button", name="テキスト", exact=True).click()
    page.locator(".cm-content").wait_for()
    assert "wed: closed" in page.locator(".cm-content").inner_text()
    keep_picture(page, "calendar-text")
    page.get_by_role("button", name="フォーム", exact=True).click()
    save(page)
    expected = (
        "weekly: {mon: closed, tue: 09:30-19:00, wed: closed, thu: 10:00-19:00, "
        "fri: [10:00-19:00, 20:00-02:00], sat-sun: 09:00-18:00}"
    )
    assert expected in path.read_text()
    assert f"2026-12-31..2027-01-03: closed, {day}: closed" in path.read_text()
    assert path.read_text().startswith("# 営業時間\n")
    assert path.read_text().endswith("# おわり\n")

    # The tests of talks know the new hours.
    page.get_by_role("button", name="そのほかの操作").click()
    page.get_by_role("button", name="会話テスト").click()
    page.get_by_role("dialog").get_by_text("tests/off_hours.yaml").first.wait_for()
    page.keyboard.press("Escape")

    # Back, step by step, to the file as it was.
    undo = page.get_by_role("button", name="元に戻す")
    for _ in range(20):
        if undo.is_disabled():
            break
        undo.click()
        page.wait_for_timeout(250)
    save(page)
    assert path.read_text() == f"# 営業時間\n{before}# おわり\n"
    path.write_text(before)
    assert [line for line in complaints if "401" not in line] == []
    page.context.close()


def test_a_question_is_added_tried_and_saved_and_remarks_stay(browser: Any, demo: Demo) -> None:
    path = demo.data / "flows" / "faq" / "salon.yaml"
    before = path.read_text()
    path.write_text(before.replace("  - id: parking", "  # 車のこと\n  - id: parking"))
    page = open_console(browser, demo, "manager@example.com")
    complaints = listen(page)
    open_file(page, demo, "faq/salon.yaml")

    page.get_by_role("button", name="項目を足す").click()
    asks = page.get_by_label("聞き方(1行に1つ、3通り以上)")
    asks.fill("Wi-Fiはありますか\nWi-Fi: 使える?\n無線LANは使えますか")
    page.get_by_label("答え", exact=True).fill("ございます: パスワードは受付で #案内しています。")
    page.get_by_text("未保存の変更があります").wait_for()
    page.get_by_label("答え", exact=True).press("Tab")
    page.get_by_text("間違いはありません").wait_for()

    # Unsaved, and there after a reload.
    page.reload()
    page.get_by_text("保存していない変更を復元しました").wait_for()
    page.get_by_placeholder("質問と答えを探す").fill("ｗｉ－ｆｉ")
    page.get_by_text("25件のうち1件").wait_for()
    page.get_by_role("button", name=re.compile("^Wi-Fiはありますか")).click()

    box = page.get_by_role("region", name="質問をためす")
    box.get_by_placeholder("お客様が書きそうな文").fill("無線LANは使えますか")
    box.get_by_role("button", name="ためす").click()
    box.get_by_text("すぐに答えます").wait_for()
    box.get_by_text("パスワードは受付で").wait_for()
    keep_picture(page, "faq-form")
    box.get_by_placeholder("お客様が書きそうな文").fill("明日の天気")
    box.get_by_role("button", name="ためす").click()
    box.get_by_text("担当者につなぎます").wait_for()

    save(page)
    text = path.read_text()
    assert 'ask: [Wi-Fiはありますか, "Wi-Fi: 使える?", 無線LANは使えますか]' in text
    assert 'answer: "ございます: パスワードは受付で #案内しています。"' in text
    assert "  # 車のこと\n  - id: parking" in text
    path.write_text(before)
    assert [line for line in complaints if "401" not in line] == []
    page.context.close()


def test_a_tag_in_use_is_not_renamed_unawares_and_a_colleague_is_told_of(
    browser: Any, demo: Demo
) -> None:
    path = demo.data / "flows" / "tags.yaml"
    before = path.read_text()
    page = open_console(browser, demo, "manager@example.com")
    open_file(page, demo, "tags.yaml")

    page.get_by_role("button", name="「新規」の名前を変える").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_text("welcome.yaml 2か所", exact=True).wait_for()
    keep_picture(page, "tag-rename")
    sheet.get_by_label("新しい名前").fill("リピーター")
    sheet.get_by_text("その名前はもうあります").wait_for()
    assert sheet.get_by_role("button", name="名前を変える").is_disabled()
    sheet.get_by_label("新しい名前").fill("はじめて")
    sheet.get_by_role("button", name="名前を変える").click()
    page.get_by_label("「はじめて」のメモ").wait_for()
    page.get_by_role("button", name="「VIP」を削除").click()
    sheet.get_by_role("button", name="削除").click()
    page.get_by_label("「VIP」のメモ").wait_for(state="detached")
    for kept in ("「VIP」のメモ", "「新規」のメモ"):
        page.get_by_role("button", name="元に戻す").click()
        page.get_by_label(kept).wait_for()
    page.get_by_label("「新規」のメモ").fill("初めての方")
    page.get_by_label("「新規」のメモ").press("Tab")
    page.get_by_text("未保存の変更があります").wait_for()

    path.write_text(before.replace("  - 中立\n", ""))
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("ほかの人がこのファイルを変えました").wait_for()
    page.get_by_role("button", name="相手の文にする").click()
    page.get_by_label("「中立」のメモ").wait_for(state="detached")

    # A text that is no YAML has no form, and says why.
    page.get_by_role("button", name="テキスト", exact=True).click()
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("これは文です")
    page.get_by_role("button", name="フォーム", exact=True).click()
    page.get_by_text("いまの文は、フォームでは開けません").wait_for()
    page.get_by_role("button", name="テキストで開く").click()
    page.reload()
    page.get_by_text(re.compile("[0-9]+行目: YAMLとして読めません")).wait_for()
    page.locator(".cm-content").wait_for()
    keep_picture(page, "no-form")
    path.write_text(before)
    page.context.close()


def test_the_enter_that_ends_a_conversion_adds_nothing(browser: Any, demo: Demo) -> None:
    page = open_console(browser, demo, "manager@example.com")
    open_file(page, demo, "tags.yaml")
    keyboard = page.context.new_cdp_session(page)
    page.get_by_label("新しいタグ").focus()

    keyboard.send(
        "Input.imeSetComposition", {"text": "初来店", "selectionStart": 3, "selectionEnd": 3}
    )
    enter = {"type": "rawKeyDown", "windowsVirtualKeyCode": 229, "key": "Enter", "code": "Enter"}
    keyboard.send("Input.dispatchKeyEvent", enter)
    page.wait_for_timeout(300)
    assert page.get_by_label("「初来店」のメモ").count() == 0
    keyboard.send("Input.insertText", {"text": "初来店"})
    page.keyboard.press("Enter")
    page.get_by_label("「初来店」のメモ").wait_for()

    # A note is not cut in the middle of a word that is still being converted.
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.url) if r.url.endswith("/forms/write") else None)
    page.get_by_label("「初来店」のメモ").focus()
    keyboard.send(
        "Input.imeSetComposition", {"text": "はじめ", "selectionStart": 3, "selectionEnd": 3}
    )
    page.wait_for_timeout(1200)
    assert sent == []
    keyboard.send("Input.insertText", {"text": "初めての方"})
    page.get_by_label("「初来店」のメモ").press("Tab")
    page.get_by_role("button", name="テキスト", exact=True).click()
    page.locator(".cm-content").get_by_text("初来店: {note: 初めての方}").wait_for()
    page.context.close()


def test_a_new_faq_begins_empty_and_a_taken_name_is_refused(browser: Any, demo: Demo) -> None:
    page = open_console(browser, demo, "manager@example.com")
    page.get_by_role("link", name="フロー").click()
    page.get_by_role("button", name="新しいファイル").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("ファイルの名前").fill("salon")
    sheet.get_by_text("その名前のファイルはもうあります").wait_for()
    assert sheet.get_by_role("button", name="作る").is_disabled()
    sheet.get_by_label("ファイルの名前").fill("events")
    keep_picture(page, "new-file")
    sheet.get_by_role("button", name="作る").click()
    page.get_by_role("button", name="最初の項目を作る").click()
    page.get_by_text("ここには文字を1つ書きます").wait_for()
    page.get_by_label("聞き方(1行に1つ、3通り以上)").wait_for()

    page.keyboard.press("Control+s")
    page.get_by_text("保存済み").wait_for()
    path = demo.data / "flows" / "faq" / "events.yaml"
    assert path.read_text().startswith("faq: events\n")
    path.unlink()
    page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_the_forms_fit_every_screen(browser: Any, demo: Demo, size: str, theme: str) -> None:
    page = open_console(browser, demo, "manager@example.com")
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=theme)
    for file in SHOWN:
        open_file(page, demo, file)
        page.get_by_text("間違いはありません").wait_for()
        if file.startswith("faq"):
            page.get_by_role("button", name=re.compile("^営業時間を教えて")).click()
        if file.startswith("calendars"):
            page.get_by_role("region", name="月の表示").locator("time").first.wait_for()
        keep_picture(page, f"form-{file.partition('/')[0].removesuffix('.yaml')}-{size}-{theme}")
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, file
    page.context.close()
