"""Every screen for everybody: by WCAG's rules, by the keyboard, enlarged, on a phone, at rest."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.whole.conftest import ROOT, Demo
from tests.whole.screens import SCREENS, SIGNED_OUT, open_screen, rooms, signed_in

pytestmark = pytest.mark.browser
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


def broken_rules(page: Any) -> list[str]:
    """What axe finds, as rule and place."""
    page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate(
        """async rules => (await axe.run(document, { runOnly: rules })).violations.flatMap(
             one => one.nodes.map(node => `${one.id}: ${node.target.join(' ')}
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


# What is focused: what it is, whether it can be seen, and whether something lies over it.
STOP = """() => {
  const one = document.activeElement;
  if (one === document.body || one === null) return null;
  window.__stops ??= new Map();
  if (!window.__stops.has(one)) window.__stops.set(one, window.__stops.size);
  const style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  const around = one.closest('.field, .box, label') ?? one;
  const rings = [one, around].some(each => {
    const its = getComputedStyle(each);
    return (its.outlineStyle !== 'none' && parseFloat(its.outlineWidth) > 0) || its.boxShadow !== 'none';
  });
  const points = [[.5, .5], [.1, .5], [.9, .5], [.5, .1], [.5, .9]].map(([x, y]) =>
    document.elementFromPoint(box.left + box.width * x, box.top + box.height * y));
  const isSeen = points.some(at => at !== null && (one.contains(at) || at.contains(one)
    || at.closest('label')?.contains(one)));
  return { id: window.__stops.get(one), isSeen, hasRing: rings || one.shadowRoot !== null,
    what: one.tagName + ' ' + (one.getAttribute('aria-label') ?? one.innerText ?? one.name ?? '').slice(0, 40)
      + ' ' + Math.round(box.left) + ',' + Math.round(box.top),
    isInDialog: one.closest('dialog') !== null, order: one.tabIndex,
    isEditor: one.shadowRoot !== null,
    hasParts: one.shadowRoot !== null || ['date', 'time', 'datetime-local'].includes(one.type) };
}"""


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
        stop = page.evaluate(STOP)
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


TOO_SMALL = """() => {
  const all = [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, [role=option], [role=tab], summary')]
    .filter(one => one.checkVisibility({ visibilityProperty: true }) && !one.closest('[inert], .cm-editor, .svelte-flow')
      && (document.querySelector('dialog:modal')?.contains(one) ?? true));
  const boxOf = one => {
    const label = one.closest('label');
    const own = one.getBoundingClientRect();
    return label && ['checkbox', 'radio'].includes(one.type) ? label.getBoundingClientRect() : own;
  };
  const isInText = one => getComputedStyle(one).display === 'inline' && one.parentElement.innerText.trim() !== one.innerText.trim();
  return all.filter(one => !isInText(one)).flatMap(one => {
    const { width, height } = boxOf(one);
    const isHidden = width <= 1 || height <= 1 || one.closest('.visually-hidden') !== null;
    return isHidden || (width >= 23.5 && height >= 23.5) ? []
      : [`${one.tagName} ${(one.getAttribute('aria-label') ?? one.innerText ?? '').slice(0, 30)} .${one.className} ${width.toFixed(1)}x${height.toFixed(1)}`];
  });
}"""
CUT_OFF = """() => {
  const isScrolled = one => {
    for (let up = one.parentElement; up; up = up.parentElement) {
      const { overflowX } = getComputedStyle(up);
      if (['auto', 'scroll'].includes(overflowX) && up.scrollWidth > up.clientWidth) return true;
    }
    return false;
  };
  const shown = [...document.querySelectorAll('a[href], button, input, select, textarea, h1, h2, h3, p, label')]
    .filter(one => one.checkVisibility({ visibilityProperty: true }) && !one.closest('.visually-hidden, .svelte-flow, .cm-editor, .skips'))
    .filter(one => document.querySelector('dialog:modal')?.contains(one) ?? true);
  const away = shown.filter(one => {
    const { left, right, width } = one.getBoundingClientRect();
    const isHidden = width <= 1 || getComputedStyle(one).clipPath !== 'none';
    return !isHidden && !isScrolled(one) && (left < -1 || right > innerWidth + 1);
  });
  const cut = shown.filter(one => one.matches('button, .btn, .link') && !isScrolled(one)
    && getComputedStyle(one).overflow !== 'visible' && one.scrollWidth > one.clientWidth + 1
    && getComputedStyle(one).textOverflow !== 'ellipsis');
  const page = document.scrollingElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : [];
  return [...page, ...[...away, ...cut].map(one => `${one.tagName} ${one.innerText?.slice(0, 30)} .${one.className}`)];
}"""


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", SCREENS)
def test_every_screen_fits_and_every_target_is_large_enough(
    page: Any, demo: Demo, name: str, size: str
) -> None:
    open_screen(page, demo, SCREENS[name])
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(150)
    assert page.evaluate(TOO_SMALL) == []
    assert page.evaluate(CUT_OFF) == []
    page.evaluate(
        """css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);
             document.adoptedStyleSheets = [sheet]; }""",
        SPACING,
    )
    page.wait_for_timeout(100)
    assert page.evaluate(CUT_OFF) == []


MOVING = """() => [...document.querySelectorAll('*')].flatMap(one => {
  const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(one);
  const moves = (animationName !== 'none') || transitionDuration.split(', ').some(each => parseFloat(each) > 0)
    || scrollBehavior === 'smooth';
  return moves ? [one.tagName + '.' + one.className] : [];
})"""


@pytest.mark.parametrize("name", SCREENS)
def test_nothing_moves_for_who_wants_nothing_to_move(page: Any, demo: Demo, name: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    open_screen(page, demo, SCREENS[name])
    assert page.evaluate(MOVING) == []
    assert page.evaluate("document.getAnimations().length") == 0
