"""A manager's day in a real browser: a mistake, its remedy, the phone, the diff, out and back."""

import re
from typing import Any

import pytest

from tests.bot.waiting import eventually
from tests.whole.conftest import Demo, sim
from tests.whole.test_main_job import keep_picture, open_console

pytestmark = pytest.mark.browser
JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
SIZES = {"wide": (1440, 900), "tablet": (1024, 768), "phone": (390, 844)}


def find(page: Any, words: str) -> None:
    """Put the cursor on words in the editor, as a person would who looks for them."""
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Control+f")
    page.locator(".cm-search input[name=search]").fill(words)
    page.keyboard.press("End")  # the search begins with a key
    page.keyboard.press("Enter")
    page.locator(".cm-searchMatch-selected").wait_for()
    page.keyboard.press("Escape")


def set_text(page: Any, change: tuple[str, str]) -> None:
    """Find words, and type over them."""
    old, new = change
    find(page, old)
    page.keyboard.type(new)


def test_a_mistake_is_mended_tried_published_and_rolled_back(browser: Any, demo: Demo) -> None:
    page = open_console(browser, demo, "manager@example.com")
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.get_by_role("link", name="フロー").click()
    page.get_by_role("link", name="友だち追加アンケート").click()
    page.get_by_text("間違いはありません").wait_for()
    page.get_by_text(re.compile("会話テスト [0-9]+/")).wait_for()

    # A click on a step selects its line, and a line its step.
    page.get_by_role("button", name="年代を教えてください age").click()
    marked = page.locator(".cm-marked")
    marked.first.wait_for()
    assert "ask: 年代を教えてください" in marked.first.inner_text()
    find(page, "ask: ご来店は初めてですか?")
    page.locator("button[aria-pressed=true]", has_text="ご来店は初めてですか?").wait_for()

    # The mistake, at its line, with its remedy.
    set_text(page, ("save: field.age_group", "sve: field.age_group"))
    tip = page.locator(".cm-tip", has_text="sve")
    tip.wait_for()
    assert "save" in tip.inner_text()
    assert page.get_by_role("button", name="公開する").is_disabled()
    page.get_by_text("いまの文では試せません").wait_for()
    keep_picture(page, "flow-mistake")
    tip.get_by_role("button", name="直す").click()
    tip.wait_for(state="detached")
    page.get_by_text("間違いはありません").wait_for()

    # A change, kept over a reload before it is saved, and tried on the phone.
    set_text(page, ("年代を教えてください", "お年ごろを教えてください"))
    page.get_by_text("未保存の変更があります").wait_for()
    page.reload()
    page.get_by_text("保存していない変更を復元しました").wait_for()
    phone = page.get_by_role("log", name="ためしに話す")
    page.get_by_role("button", name="友だち追加", exact=True).click()
    page.get_by_role("button", name="はじめて", exact=True).click()
    phone.get_by_text("お年ごろを教えてください").wait_for()
    page.get_by_text("first_visit = はじめて").wait_for()
    page.get_by_text("新規", exact=True).wait_for()
    keep_picture(page, "flow-tried")
    for _ in range(3):
        page.get_by_role("button", name="1日進める").click()
    page.get_by_text("終了(timed_out)").wait_for()
    keep_picture(page, "flow-waited")

    # What differs, then out.
    page.get_by_role("button", name="公開中との差分").click()
    page.locator(".diff .new", has_text="お年ごろを教えてください").wait_for()
    page.locator(".diff .old", has_text="年代を教えてください").first.wait_for()
    keep_picture(page, "flow-diff")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="公開する").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_text("友だち追加アンケート").wait_for()
    sheet.get_by_role("textbox").fill("聞き方をやわらかく")
    keep_picture(page, "flow-publish")
    sheet.get_by_role("button", name="公開", exact=True).click()
    page.get_by_text("公開中 v2").wait_for()
    page.get_by_text("保存済み").wait_for()

    # And back.
    page.get_by_role("button", name="公開の履歴").click()
    sheet.get_by_text("聞き方をやわらかく").wait_for()
    keep_picture(page, "flow-history")
    sheet.get_by_role("button", name="この版に戻す").click()
    page.get_by_role("dialog").last.get_by_role("button", name="この版に戻す").click()
    page.get_by_text("v1 に戻しました").wait_for()
    page.keyboard.press("Escape")
    page.get_by_text("公開中 v1").wait_for()
    assert [line for line in complaints if "401" not in line] == []
    page.context.close()


def newest(demo: Demo, friend: str) -> dict[str, Any]:
    """What stands last on a friend's phone."""
    message: dict[str, Any] = sim(demo, f"friends/{friend}/screen")[-1]["message"]
    return message


def times_asked(demo: Demo, friend: str) -> int:
    """How often the booking's first question stands there."""
    lines = [item["message"] for item in sim(demo, f"friends/{friend}/screen")]
    return sum("ご希望のメニュー" in line.get("text", "") for line in lines)


def speak(page: Any, menu: str, language: str) -> None:
    """Choose a language, which the server keeps with the operator."""
    page.get_by_role("button", name=menu).first.click()
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.get_by_text(language, exact=True).click()
    page.keyboard.press("Escape")


def test_an_english_console_tells_a_mistake_in_english(browser: Any, demo: Demo) -> None:
    page = open_console(browser, demo, "manager@example.com")
    speak(page, "設定とサインアウト", "English")
    page.get_by_role("link", name="Flows").click()
    page.get_by_role("link", name="予約リクエスト").click()
    page.get_by_text("Nothing to mend, no warnings.").wait_for()

    set_text(page, ("title: ", "titel: "))

    tip = page.locator(".cm-tip", has_text="“titel” cannot be used in a flow.")
    tip.wait_for()
    found = page.get_by_role("region", name="What was found")
    found.get_by_text("A key that was skipped in silence").wait_for()
    assert "Did you mean “title”?" in found.inner_text()
    assert JAPANESE.search(found.inner_text()) is None
    keep_picture(page, "flow-mistake-english")
    tip.get_by_role("button", name="Mend").click()
    tip.wait_for(state="detached")
    page.get_by_text("Nothing to mend, no warnings.").wait_for()
    page.get_by_role("link", name="Flows").click()
    page.get_by_role("link", name="予約リクエスト").wait_for()
    speak(page, "Settings and sign-out", "日本語")
    page.get_by_role("heading", name="フロー").wait_for()
    page.close()


def test_those_in_the_middle_begin_anew_when_the_manager_says_so(browser: Any, demo: Demo) -> None:
    friend = sim(demo, "friends", {"account": "salon", "name": "見本 ゆき"})["user_id"]
    sim(demo, f"friends/{friend}/say", {"text": "予約"})
    eventually(lambda: times_asked(demo, friend) == 1, "the first question")
    path = demo.data / "flows" / "booking.yaml"
    before = path.read_text()
    page = open_console(browser, demo, "manager@example.com")
    page.goto(f"{demo.url}/flows/booking.yaml")
    page.get_by_text("間違いはありません").wait_for()

    set_text(page, ("やめる, キャンセル", "やめる, 中止, キャンセル"))
    page.get_by_text("間違いはありません").wait_for()
    page.get_by_role("button", name="公開する").click()
    sheet = page.get_by_role("dialog")
    middle = sheet.get_by_role("listitem").filter(has_text="予約リクエスト")
    middle.get_by_text("1人が途中です。どうしますか?").wait_for()
    middle.get_by_text("1人:前の版で最後まで進みます").wait_for()
    middle.get_by_role("radio", name="初めからやり直す").check()
    middle.get_by_text("1人:新しい版で初めからやり直します").wait_for()
    keep_picture(page, "flow-restart")
    sheet.get_by_role("button", name="公開", exact=True).click()
    page.get_by_text("公開中 v2").wait_for()

    eventually(lambda: times_asked(demo, friend) == 2, "the first question once more")
    sim(demo, f"friends/{friend}/say", {"text": "中止"})
    eventually(lambda: "中止しました" in newest(demo, friend)["text"], "the new word to end it")
    path.write_text(before)
    page.context.close()


def test_what_the_faq_did_not_know_is_written_into_it(browser: Any, demo: Demo) -> None:
    path = demo.data / "flows" / "faq" / "salon.yaml"
    before = path.read_text()
    page = open_console(browser, demo, "manager@example.com")
    page.get_by_role("link", name="フロー").click()
    page.get_by_role("link", name="ボットの健康状態").click()
    page.get_by_role("button", name="この案を開く").first.click()

    page.get_by_text("案を入れてあります。").wait_for()
    page.locator(".cm-tip", has_text="答えが空です。").wait_for()
    assert page.get_by_role("button", name="公開する").is_disabled()
    set_text(page, ('answer: ""', "answer: このトークで変えられます。"))
    page.locator(".cm-tip", has_text="答えが空です。").wait_for(state="detached")
    keep_picture(page, "faq-learnt")
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("保存済み").wait_for()

    assert path.read_text().startswith(before.rstrip())
    assert "このトークで変えられます。" in path.read_text()
    path.write_text(before)
    page.context.close()


def test_two_managers_are_told_of_each_other(browser: Any, demo: Demo) -> None:
    page = open_console(browser, demo, "manager@example.com")
    page.goto(f"{demo.url}/flows/csat.yaml")
    page.get_by_text("間違いはありません").wait_for()
    set_text(page, ("title: 対応後アンケート", "title: 私のアンケート"))
    page.get_by_text("未保存の変更があります").wait_for()

    path = demo.data / "flows" / "csat.yaml"
    before = path.read_text()
    path.write_text(before.replace("title: 対応後アンケート", "title: 別の人のアンケート"))
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("ほかの人がこのファイルを変えました").wait_for()
    page.get_by_role("button", name="違いを見る").click()
    page.locator(".diff .old", has_text="別の人のアンケート").wait_for()
    keep_picture(page, "flow-newer")
    page.keyboard.press("Escape")

    assert "別の人のアンケート" in path.read_text()
    page.get_by_role("button", name="自分の文を残す").click()
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("保存済み").wait_for()
    assert "私のアンケート" in path.read_text()
    path.write_text(before)
    page.get_by_text("ほかの人の変更を読み込みました").wait_for()
    page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_the_place_fits_every_screen(browser: Any, demo: Demo, size: str, theme: str) -> None:
    page = open_console(browser, demo, "manager@example.com")
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=theme)
    page.goto(f"{demo.url}/flows")
    page.get_by_role("link", name="友だち追加アンケート").wait_for()
    keep_picture(page, f"flows-{size}-{theme}")
    page.get_by_role("link", name="友だち追加アンケート").click()
    page.locator(".cm-content").wait_for()
    page.get_by_text("間違いはありません").wait_for()
    if size == "wide":
        page.locator(".svelte-flow__node").first.wait_for()
    keep_picture(page, f"flow-{size}-{theme}")
    for pane in ("図", "試す") if size == "phone" else ("図",) if size == "tablet" else ():
        page.get_by_role("group", name="表示する面").get_by_role("button", name=pane).click()
        if pane == "図":
            page.locator(".svelte-flow__node").first.wait_for()
        keep_picture(page, f"flow-{size}-{theme}-{pane}")

    wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wider <= 0
    page.context.close()
