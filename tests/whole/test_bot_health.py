"""A manager looks where people drop out: from the whole bot to one talk, and back; in a browser."""

import re
from typing import Any

import pytest

from tests.whole.conftest import Demo
from tests.whole.test_flows_day import SIZES
from tests.whole.test_main_job import keep_picture, open_console

pytestmark = pytest.mark.browser


def open_health(browser: Any, demo: Demo) -> Any:
    page = open_console(browser, demo, "manager@example.com")
    page.get_by_role("link", name="フロー").click()
    page.get_by_role("link", name="ボットの健康状態").click()
    page.get_by_text("フローごとの結果").first.wait_for()
    return page


def test_a_figure_leads_to_the_talk_behind_it_and_back(browser: Any, demo: Demo) -> None:
    page = open_health(browser, demo)
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.get_by_role("link", name="友だち追加アンケート").click()
    first = page.get_by_role("row", name="ご来店は初めてですか?")
    first.get_by_text("離脱が最も多い").wait_for()

    # From the figure to the talk.
    first.get_by_role("link", name=re.compile("^離脱: ")).click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_role("link", name=re.compile("見本 さくら「?.*やめる")).wait_for()
    keep_picture(page, "health-talks")
    sheet.get_by_role("link", name=re.compile("見本 さくら")).click()
    page.get_by_role("log").get_by_text("駐車場はありますか").first.wait_for()

    # Back where one was, with the same list open; then another time.
    page.go_back()
    sheet.get_by_role("link", name=re.compile("見本 さくら")).wait_for()
    page.keyboard.press("Escape")
    sheet.wait_for(state="detached")
    page.get_by_role("button", name="7日間").click()
    page.wait_for_url("**/flows/health/salon_welcome?days=7")
    page.get_by_label("版").select_option("1")
    page.wait_for_url("**version=1")
    page.get_by_role("table", name="質問ごとの結果").wait_for()
    assert complaints == []
    page.context.close()


def test_the_picture_shows_where_people_are_lost(browser: Any, demo: Demo) -> None:
    page = open_console(browser, demo, "manager@example.com")
    page.goto(f"{demo.url}/flows/welcome.yaml")
    page.get_by_role("button", name="離脱を表示").click()

    worst = page.get_by_role("button", name=re.compile("ご来店は初めてですか.*離脱[0-9]+%"))
    worst.wait_for()
    keep_picture(page, "health-picture")
    page.get_by_role("button", name="一覧", exact=True).click()
    page.get_by_role("button", name=re.compile("ご来店は初めてですか.*離脱[0-9]+%")).wait_for()
    page.get_by_role("button", name="離脱を表示").click()
    page.get_by_text(re.compile("離脱[0-9]+%")).first.wait_for(state="detached")
    page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_the_pages_fit_every_screen(browser: Any, demo: Demo, size: str, theme: str) -> None:
    page = open_health(browser, demo)
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=theme)
    keep_picture(page, f"health-bot-{size}-{theme}")
    page.get_by_role("link", name="友だち追加アンケート").click()
    page.get_by_text("質問ごとの結果").first.wait_for()
    keep_picture(page, f"health-flow-{size}-{theme}")
    wide = page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
    assert wide, "the page is wider than the screen"
    page.context.close()


def test_a_flow_that_nobody_has_begun_says_so(browser: Any, demo: Demo) -> None:
    page = open_health(browser, demo)
    page.get_by_role("link", name="購入後フォロー").click()

    page.get_by_text("この期間の結果はまだありません").wait_for()
    page.get_by_role("link", name="台本を開く").click()
    page.get_by_text("間違いはありません").wait_for()
    page.context.close()
