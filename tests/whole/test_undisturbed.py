"""What others do leaves one's hands alone: focus stays, and nothing is read out over and over."""

from typing import Any

import pytest

from tests.whole.conftest import Demo, sim
from tests.whole.screens import first_talk, signed_in

pytestmark = pytest.mark.browser
# Everything that a screen reader would be told, one line for each change of a live region.
HEAR = """() => {
  window.__heard = [];
  const live = '[aria-live]:not([aria-live=off]), [role=status], [role=alert]';
  new MutationObserver(changes => {
    const told = new Set();
    for (const { target } of changes) {
      const at = target instanceof Element ? target : target.parentElement;
      const region = at?.closest(live + ', [role=log]');
      if (region && region.matches(live) && region.innerText.trim() !== '') told.add(region);
    }
    told.forEach(region => window.__heard.push(region.innerText.trim()));
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
}"""
MANY = 20


def friend_of(page: Any, demo: Demo, talk: str) -> str:
    """The friend at the other end, as the simulator knows them."""
    name = page.evaluate(
        "async id => (await (await fetch(`/api/v1/conversations/${id}`)).json())"
        ".conversation.customer_name",
        talk.removeprefix("/talks/"),
    )
    found: str = next(one["user_id"] for one in sim(demo, "friends") if one["name"] == name)
    return found


def test_twenty_messages_are_told_in_a_few_words_and_the_keyboard_stays(
    browser: Any, demo: Demo
) -> None:
    from playwright.sync_api import expect

    with signed_in(browser, demo) as page:
        talk = first_talk(page)
        friend = friend_of(page, demo, talk)
        page.goto(demo.url + talk)
        page.locator('.talk [role="log"] li').first.wait_for()
        page.keyboard.press("r")
        box = page.get_by_label("お客様への返信", exact=True)
        expect(box).to_be_focused()
        page.evaluate(HEAR)

        for number in range(MANY):
            sim(demo, f"friends/{friend}/say", {"text": f"続きの文 {number}"})
            page.keyboard.type("あ")
        page.get_by_text(f"続きの文 {MANY - 1}", exact=True).last.wait_for()
        page.wait_for_timeout(6500)

        expect(box).to_be_focused()
        expect(box).to_have_value("あ" * MANY)
        heard = page.evaluate("window.__heard")
        assert 1 <= len(heard) <= 5, heard
        assert any("新着" in one for one in heard)
        box.fill("")


def test_a_colleague_changes_the_talk_and_neither_menu_nor_box_is_disturbed(
    browser: Any, demo: Demo
) -> None:
    from playwright.sync_api import expect

    with signed_in(browser, demo) as page, signed_in(
        browser, demo, email="staff-b@example.com"
    ) as other:  # fmt: skip
        talk = first_talk(page)
        for one in (page, other):
            one.goto(demo.url + talk)
            one.locator('.talk [role="log"] li').first.wait_for()

        # In a menu.
        page.keyboard.press("s")
        item = page.locator(".menu .panel .item").first
        expect(item).to_be_focused()
        other.keyboard.press("n")
        other.keyboard.type("申し送りです")
        other.keyboard.press("Control+Enter")
        page.get_by_text("申し送りです").first.wait_for()
        expect(item).to_be_focused()
        page.keyboard.press("Escape")

        # In the box, in the middle of a composition.
        page.keyboard.press("r")
        box = page.get_by_label("お客様への返信", exact=True)
        keyboard = page.context.new_cdp_session(page)
        keyboard.send(
            "Input.imeSetComposition", {"text": "かくにん", "selectionStart": 4, "selectionEnd": 4}
        )
        other.keyboard.press("Escape")
        other.keyboard.press("n")
        other.keyboard.type("もう一つ")
        other.keyboard.press("Control+Enter")
        page.get_by_text("もう一つ").first.wait_for()
        expect(box).to_be_focused()
        keyboard.send("Input.insertText", {"text": "確認"})
        expect(box).to_have_value("確認")
        box.fill("")
