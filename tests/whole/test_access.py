"""Every screen for everybody: by WCAG's rules, by the keyboard, enlarged, on a phone, at rest."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.whole.conftest import ROOT, Demo
from tests.whole.screens import SCREENS, SIGNED_OUT, open_screen, rooms, signed_in

pytestmark = pytest.mark.browser
EYES = (Path(__file__).parent / "access.js").read_text()
AXE = ROOT / "console/web/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# 1440 by 900 at 200 %, a phone, and what WCAG 1.4.10 asks of a narrow one.
SIZES = {"200 percent": (720, 450), "phone": (390, 844), "narrow phone": (320, 640)}
# WCAG 1.4.12: what a reader may set.
SPACING = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }"""
MOST_STOPS = 400


@pytest.fixture(scope="module")
def japanese(browser: Any, demo: Demo) -> Iterator[Any]:
    with signed_in(browser, demo) as page:
        yield page


@pytest.fixture
def page(japanese: Any) -> Iterator[Any]:
    """As wide and as light as at first."""
    yield japanese
    japanese.set_viewport_size({"width": 1440, "height": 900})
    japanese.emulate_media(
        color_scheme="light", reduced_motion="no-preference", forced_colors="none"
    )


def test_every_room_of_the_address_bar_is_on_the_list_of_screens() -> None:
    listed = {
        re.split(r"[/?]", screen.path)[1] or "inbox"
        for screen in SCREENS.values()
        if screen.path != "TALK"
    }
    assert set(rooms()) <= listed


def look(page: Any, what: str) -> Any:
    """One of the eyes of `access.js`."""
    return page.evaluate(f"({EYES}).{what}()")


def broken_rules(page: Any) -> list[str]:
    """What axe finds, as rule and place; a count beside an icon is not its button's label."""
    page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate(
        """async rules => (await axe.run(document, { runOnly: rules })).violations.flatMap(
             one => one.nodes.filter(node => one.id !== 'label-content-name-mismatch'
               || !/^\\d+\\+?$/.test(document.querySelector(node.target[0]).innerText.trim())
             ).map(node => `${one.id}: ${node.target.join(' ')}
               ${node.failureSummary}`))""",
        RULES,
    )
    return found


@pytest.mark.parametrize("name", SCREENS)
def test_no_screen_breaks_a_rule_of_wcag(page: Any, demo: Demo, name: str) -> None:
    open_screen(page, demo, SCREENS[name])
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert (theme, broken_rules(page)) == (theme, [])
    assert page.evaluate("document.documentElement.lang") == "ja"


def test_no_screen_breaks_a_rule_in_english(browser: Any, demo: Demo) -> None:
    with signed_in(browser, demo, language="en") as page:
        for name, screen in SCREENS.items():
            open_screen(page, demo, screen, "en")
            assert page.evaluate("document.documentElement.lang") == "en"
            for theme in ("light", "dark"):
                page.emulate_media(color_scheme=theme)
                assert (name, theme, broken_rules(page)) == (name, theme, [])


@pytest.mark.parametrize("name", SIGNED_OUT)
def test_no_door_breaks_a_rule(browser: Any, demo: Demo, name: str) -> None:
    page = browser.new_context(locale="ja-JP").new_page()
    open_screen(page, demo, SIGNED_OUT[name])
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        assert (theme, broken_rules(page)) == (theme, [])
    page.context.close()


@pytest.mark.parametrize("name", SCREENS)
def test_tab_leads_through_everything_and_shows_where_it_is(
    page: Any, demo: Demo, name: str
) -> None:
    open_screen(page, demo, SCREENS[name])
    page.evaluate("window.__stops = new Map()")
    has_dialog = page.locator("dialog:modal").count() > 0
    stops: list[Any] = []
    for _ in range(MOST_STOPS):
        if stops and stops[-1]["isEditor"]:
            page.keyboard.press("Escape")  # in an editor Tab indents; after Escape it leads out
        page.keyboard.press("Tab")
        stop = look(page, "stop")
        if stop is None and not stops:
            continue
        if stop is None or (len(stops) > 1 and stop["id"] == stops[0]["id"]):
            break
        is_same = bool(stops) and stop["id"] == stops[-1]["id"]
        assert not is_same or stop["hasParts"], f"a trap: {stop['what']}"
        stops += [] if is_same else [stop]
    else:
        raise AssertionError(f"it never ends: {stops[-5:]}")
    assert [one["what"] for one in stops if not one["hasRing"]] == []
    assert [one["what"] for one in stops if not one["isSeen"]] == []
    assert all(one["order"] <= 0 for one in stops)
    assert not has_dialog or all(one["isInDialog"] for one in stops)
    assert stops


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SCREENS)
def test_every_screen_fits_and_every_target_is_large_enough(
    page: Any, demo: Demo, name: str, size: str
) -> None:
    open_screen(page, demo, SCREENS[name])
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(150)
    assert look(page, "tooSmall") == []
    assert look(page, "cutOff") == []
    page.evaluate(
        """css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);
             document.adoptedStyleSheets = [sheet]; }""",
        SPACING,
    )
    page.wait_for_timeout(100)
    assert look(page, "cutOff") == []


@pytest.mark.parametrize("name", SCREENS)
def test_nothing_moves_for_who_wants_nothing_to_move(page: Any, demo: Demo, name: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_screen(page, demo, SCREENS[name])
    assert look(page, "moving") == []
    assert page.evaluate("document.getAnimations().length") == 0


@pytest.mark.parametrize("name", ["inbox", "talk", "help", "palette", "flow-health", "me"])
def test_what_is_chosen_shows_without_colours_of_ours(page: Any, demo: Demo, name: str) -> None:
    page.emulate_media(forced_colors="active")
    open_screen(page, demo, SCREENS[name])
    assert broken_rules(page) == []
    assert look(page, "lostInForcedColours") == []
