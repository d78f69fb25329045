"""Every screen for everybody: by WCAG's rules, by the keyboard, enlarged, on a phone, at rest."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.whole.conftest import ROOT, Demo
from tests.whole.screens import ENROL, SCREENS, SIGNED_OUT, Screen, open_screen, rooms, signed_in

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
        if screen.path.startswith("/")
    }
    assert set(rooms()) <= listed


def look(page: Any, what: str) -> Any:
    """One of the eyes of `access.js`."""
    return page.evaluate(f"({EYES}).{what}()")


def broken_rules(page: Any, *rules: str) -> list[str]:
    """What axe finds, as rule and place; a count beside an icon is not its button's label.

    rules: these alone, instead of all of WCAG's.
    """
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate(
        """async rules => (await axe.run(document, { runOnly: rules })).violations.flatMap(
             one => one.nodes.filter(node => one.id !== 'label-content-name-mismatch'
               || !/^\\d+\\+?$/.test(document.querySelector(node.target[0]).innerText.trim())
             ).map(node => `${one.id}: ${node.target.join(' ')}
               ${node.failureSummary}`))""",
        list(rules) or RULES,
    )
    return found


def in_the_dark(page: Any) -> list[str]:
    """What is there is the same: its colours are not."""
    page.emulate_media(color_scheme="dark")
    found = broken_rules(page, "color-contrast", "link-in-text-block")
    page.emulate_media(color_scheme="light")
    return found


def enlarged(page: Any, size: str) -> list[str]:
    """What does not fit, or cannot be hit, in a window of this size; then with wider letters."""
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(150)
    found: list[str] = look(page, "tooSmall") + look(page, "cutOff")
    page.evaluate(
        """css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);
             document.adoptedStyleSheets = [sheet]; }""",
        SPACING,
    )
    page.wait_for_timeout(100)
    found += [f"spaced: {one}" for one in look(page, "cutOff")]
    page.evaluate("document.adoptedStyleSheets = []")
    page.set_viewport_size({"width": 1440, "height": 900})
    return found


def moving(page: Any) -> list[str]:
    page.emulate_media(reduced_motion="reduce")
    found: list[str] = look(page, "moving")
    page.emulate_media(reduced_motion="no-preference")
    return found


@pytest.mark.parametrize("name", SCREENS)
def test_every_screen_is_for_everybody(page: Any, demo: Demo, name: str) -> None:
    """One look at each screen, in many ways; the keyboard goes through it last."""
    open_screen(page, demo, SCREENS[name])
    found = {
        "rules": broken_rules(page),
        "dark": in_the_dark(page),
        "moves": moving(page),
        **{size: enlarged(page, size) for size in SIZES},
        "keyboard": walk(page),
    }
    assert {way: faults for way, faults in found.items() if faults} == {}
    assert page.evaluate("document.documentElement.lang") == "ja"


def test_no_screen_breaks_a_rule_in_english_or_is_too_long_for_a_phone(
    browser: Any, demo: Demo
) -> None:
    faults: dict[str, list[str]] = {}
    with signed_in(browser, demo, language="en") as page:
        for name, screen in SCREENS.items():
            open_screen(page, demo, screen, "en")
            faults[name] = broken_rules(page) + enlarged(page, "phone")
            assert page.evaluate("document.documentElement.lang") == "en"
    assert {name: found for name, found in faults.items() if found} == {}


@pytest.mark.parametrize("name", SIGNED_OUT)
def test_no_door_breaks_a_rule(browser: Any, demo: Demo, name: str) -> None:
    page = browser.new_context(locale="ja-JP").new_page()
    check_door(page, demo, SIGNED_OUT[name])
    page.context.close()


def test_who_must_prove_more_can_do_so(browser: Any, demo: Demo) -> None:
    with signed_in(browser, demo) as page:
        check_door(page, demo, ENROL)
        page.unroute_all()


def check_door(page: Any, demo: Demo, screen: Screen) -> None:
    open_screen(page, demo, screen)
    found = {
        "rules": broken_rules(page),
        "dark": in_the_dark(page),
        **{size: enlarged(page, size) for size in SIZES},
    }
    assert {way: faults for way, faults in found.items() if faults} == {}


def walk(page: Any) -> list[str]:
    """What is wrong with going through it all by Tab."""
    page.evaluate("window.__stops = new Map()")
    has_dialog = page.locator("dialog:modal").count() > 0
    stops: list[Any] = []
    was_same = False
    for _ in range(MOST_STOPS):
        if stops and stops[-1]["isEditor"]:
            page.keyboard.press("Escape")  # in an editor Tab indents; after Escape it leads out
        page.keyboard.press("Tab")
        stop = look(page, "stop")
        if stop is None and not stops:
            continue
        if stop is None or (len(stops) > 1 and stop["id"] == stops[0]["id"]):
            return faults_of(stops, has_dialog=has_dialog)
        is_same = bool(stops) and stop["id"] == stops[-1]["id"]
        if is_same and was_same and not stop["hasParts"]:
            return [f"a trap: {stop['what']}"]
        was_same = is_same  # once: a list below a box takes the first Tab as its choice
        stops += [] if is_same else [stop]
    return [f"it never ends: {stops[-5:]}"]


def faults_of(stops: list[Any], *, has_dialog: bool) -> list[str]:
    return [
        *(["nothing to stop at"] if not stops else []),
        *(f"no ring: {one['what']}" for one in stops if not one["hasRing"]),
        *(f"not seen: {one['what']}" for one in stops if not one["isSeen"]),
        *(f"out of order: {one['what']}" for one in stops if one["order"] > 0),
        *(f"behind: {one['what']}" for one in stops if has_dialog and not one["isInDialog"]),
    ]


@pytest.mark.parametrize(
    "name", ["inbox", "chosen", "filters", "talk", "help", "palette", "flow-health", "watch", "me"]
)
def test_what_is_chosen_shows_without_colours_of_ours(page: Any, demo: Demo, name: str) -> None:
    page.emulate_media(forced_colors="active")
    open_screen(page, demo, SCREENS[name])
    assert broken_rules(page) == []
    assert look(page, "lostInForcedColours") == []
