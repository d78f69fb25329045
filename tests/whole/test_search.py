"""Somebody looks for a word that was said long ago, and stands before that line; in a browser."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.whole.conftest import ROOT, Demo, sim, start_demo, stop_demo, two_free_ports
from tests.whole.test_flows_day import SIZES
from tests.whole.test_main_job import keep_picture, open_console

pytestmark = pytest.mark.browser
OLD = "昔の話:ｼｭｸﾓｳ縮毛矯正のあとのお手入れを教えてください"
LATER = 140


@pytest.fixture(scope="module")
def talk(demo: Demo) -> str:
    """A long talk whose first words were about 縮毛矯正; the friend's name."""
    name = "見本 しおり"
    user = sim(demo, "friends", {"account": "salon", "name": name})["user_id"]
    sim(demo, f"friends/{user}/follow", {})
    sim(demo, f"friends/{user}/say", {"text": "やめる"})
    sim(demo, f"friends/{user}/say", {"text": OLD})
    sim(demo, f"friends/{user}/say", {"text": "スタッフと話したい"})
    for number in range(LATER):
        sim(demo, f"friends/{user}/say", {"text": f"近況その{number}、元気です"})
    return name


def box_of(page: Any) -> Any:
    return page.get_by_role("searchbox")


def log_of(page: Any) -> Any:
    return page.get_by_role("log")


def is_in_view(page: Any, text: str) -> bool:
    """In the log, which alone has scrolled."""
    if page.evaluate("document.scrollingElement.scrollTop + document.body.scrollTop"):
        return False
    place = log_of(page).get_by_text(text).first.bounding_box()
    frame = log_of(page).bounding_box()
    return bool(place and frame["y"] <= place["y"] <= frame["y"] + frame["height"])


def test_a_word_leads_to_its_line_and_back_to_the_results(
    browser: Any, demo: Demo, talk: str
) -> None:
    page = open_console(browser, demo, "manager@example.com")
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    # One character is too few; two in another width and kana find it.
    box_of(page).fill("縮")
    page.get_by_text("2文字以上入れてください").wait_for()
    keep_picture(page, "search-short")
    box_of(page).fill("しゅくもう 縮毛")
    hit = page.get_by_role("link").filter(has_text="お手入れを教えて")
    hit.wait_for()
    assert hit.locator("mark").all_inner_texts() == ["ｼｭｸﾓｳ縮毛"]

    hit.click()
    log_of(page).get_by_text(OLD, exact=True).wait_for()
    page.locator(".marked").wait_for()
    assert is_in_view(page, OLD)
    keep_picture(page, "search-jump")
    page.reload()
    log_of(page).get_by_text(OLD, exact=True).wait_for()
    assert is_in_view(page, OLD)

    # Scrolling down brings what follows; one button leads to the end from anywhere.
    assert log_of(page).get_by_text("近況その100、").count() == 0
    for _ in range(60):
        page.evaluate("document.querySelector('[role=log]').scrollBy(0, 600)")
        if log_of(page).get_by_text("近況その100、").count():
            break
        page.wait_for_timeout(50)
    log_of(page).get_by_text("近況その100、").wait_for()
    page.evaluate("document.querySelector('[role=log]').scrollTop = 0")
    page.get_by_role("button", name="最新のメッセージへ").click()
    log_of(page).get_by_text(f"近況その{LATER - 1}、").wait_for()
    assert is_in_view(page, f"近況その{LATER - 1}、")

    # The results are still there; another hit of the same talk, and back.
    page.get_by_text("「しゅくもう 縮毛」の検索結果").wait_for()
    page.go_back()
    page.get_by_text("トークを選んでください").wait_for()
    hit.wait_for()
    assert complaints == []
    page.context.close()


def test_groups_keys_and_recent_searches(browser: Any, demo: Demo, talk: str) -> None:
    page = open_console(browser, demo, "manager@example.com")
    page.get_by_text("すべて", exact=True).first.click()
    page.get_by_role("link").filter(has_text=talk).first.click()
    page.get_by_role("tab", name="ノート").first.click()
    page.locator("textarea").first.fill("しおり様は近況をよく話される")
    page.keyboard.press("Control+Enter")
    log_of(page).get_by_text("しおり様は近況をよく話される").wait_for()

    box_of(page).fill("しおり")
    for group in ("お客様", "ノート"):
        results = page.get_by_role("region", name="検索結果")
        results.get_by_role("heading", name=group, exact=True).wait_for()
    box_of(page).press("Enter")
    box_of(page).press("ArrowDown")
    focused = "document.activeElement.innerText"
    assert talk in page.evaluate(focused)
    page.keyboard.press("ArrowDown")
    assert "近況をよく話される" in page.evaluate(focused)
    page.keyboard.press("Enter")
    page.locator(".marked").wait_for()
    assert is_in_view(page, "しおり様は近況をよく話される")
    keep_picture(page, "search-note")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.type") == "search"
    page.keyboard.press("Escape")
    assert box_of(page).input_value() == ""
    page.get_by_text("件").first.wait_for()

    box_of(page).blur()
    box_of(page).click()
    page.get_by_text("最近の検索").wait_for()
    keep_picture(page, "search-recent")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_text("「しおり」の検索結果").wait_for()
    box_of(page).fill("")
    page.get_by_role("button", name="履歴を消す").click()
    page.get_by_text("最近の検索").wait_for(state="detached")
    page.context.close()


def test_pages_of_many_hits_and_none_at_all(browser: Any, demo: Demo, talk: str) -> None:
    page = open_console(browser, demo, "manager@example.com")
    box_of(page).fill("近況その")
    more = page.get_by_role("button", name="メッセージをさらに表示")
    more.wait_for()
    hits = page.locator("a.row mark")
    assert hits.count() == 20
    more.click()
    hits.nth(39).wait_for()
    assert hits.count() == 40
    box_of(page).fill("鼈甲飴")
    page.get_by_text("「鼈甲飴」は見つかりませんでした").wait_for()
    keep_picture(page, "search-none")
    page.get_by_role("button", name="検索をやめる").click()
    page.get_by_role("heading", name="要対応").first.wait_for()
    page.context.close()


def test_nothing_is_searched_for_while_japanese_is_composed(
    browser: Any, demo: Demo, talk: str
) -> None:
    page = open_console(browser, demo, "manager@example.com")
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if "/search?" in r.url else None)
    keys = page.context.new_cdp_session(page)
    box_of(page).focus()

    keys.send("Input.imeSetComposition", {"text": "きんき", "selectionStart": 3, "selectionEnd": 3})
    keys.send(
        "Input.dispatchKeyEvent", {"type": "keyDown", "key": "Enter", "windowsVirtualKeyCode": 229}
    )
    page.wait_for_timeout(800)  # longer than the pause after which a search begins
    assert asked == []
    keys.send("Input.insertText", {"text": "近況その1"})
    page.get_by_text("「近況その1」の検索結果").wait_for()

    assert asked
    page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_results_fit_every_screen(
    browser: Any, demo: Demo, talk: str, size: str, theme: str
) -> None:
    page = open_console(browser, demo, "manager@example.com")
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=theme)
    box_of(page).fill("見本")
    page.get_by_role("heading", name="お客様", exact=True).wait_for()
    keep_picture(page, f"search-customers-{size}-{theme}")
    box_of(page).fill("お手入れ")
    hit = page.get_by_role("link").filter(has_text="お手入れを教えて")
    hit.wait_for()
    keep_picture(page, f"search-{size}-{theme}")
    hit.click()
    page.locator(".marked").wait_for()
    assert is_in_view(page, OLD)
    keep_picture(page, f"search-line-{size}-{theme}")
    if size == "phone":
        page.get_by_role("button", name="一覧へ戻る").click()
        hit.wait_for()
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    page.context.close()


def test_results_are_narrowed_to_one_account(browser: Any, tmp_path: Path) -> None:
    running = start_demo(tmp_path / "demo", two_free_ports())
    (tmp_path / "word").write_text("見本の秘密\n")
    add = ["account", "add", "second", "--name", "見本 二号店"]
    files = ["--secret-file", str(tmp_path / "word"), "--token-file", str(tmp_path / "word")]
    subprocess.run(
        [sys.executable, "-m", "console", *add, *files],
        check=True,
        cwd=ROOT,
        env={**os.environ, "MADOGUCHI_DATA_DIR": str(running.data)},
    )
    page = open_console(browser, running, "manager@example.com")
    box_of(page).fill("駐車場")
    hit = page.get_by_role("link").filter(has_text="駐車場はありますか").first
    hit.wait_for()
    keep_picture(page, "search-accounts")
    page.get_by_label("公式アカウントで絞り込む").select_option("見本 二号店")
    page.get_by_text("「駐車場」は見つかりませんでした").wait_for()
    page.get_by_role("button", name="すべてのアカウントから探す").click()
    hit.wait_for()
    page.context.close()
    assert stop_demo(running) == 0
