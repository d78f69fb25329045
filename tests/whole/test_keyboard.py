"""The whole desk by the keyboard alone: a talk, the list, what is chosen there, and a send."""

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.whole.conftest import Demo, begin_talk
from tests.whole.screens import call, first_talk, save_a_view, signed_in
from tests.whole.test_saved_replies import listen

pytestmark = pytest.mark.browser
WORDS: dict[str, dict[str, Any]] = {
    "ja": {
        "reply": "お客様への返信", "note": "ノート(お客様には見えません)", "tag": "タグの名前",
        "log": "トークの内容", "search": "名前・本文を検索", "mine": "自分が担当", "all": "すべて",
        "help": "ショートカット", "find": "操作・画面・お客様・本文を探す", "nobody": "担当なし",
        "take": "担当になりました", "done": "対応済みにしました", "snooze": "1時間後",
        "ask": "ボットに戻す", "unseen": "未確認に戻しました", "seen": "確認済みにしました",
        "hint": "G の次のキー",
    },
    "en": {
        "reply": "Reply to the customer", "note": "Note (customers never see it)",
        "tag": "Name of the tag", "log": "The conversation", "search": "Search names and texts",
        "mine": "Mine", "all": "All", "help": "Keyboard shortcuts", "nobody": "Unassigned",
        "find": "Find actions, screens, customers and texts", "take": "is yours",
        "done": "is done.", "snooze": "In an hour", "ask": "Return to bot",
        "unseen": "as unseen", "seen": "Marked as seen", "hint": "G: press the second key",
    },
}  # fmt: skip


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_talk_is_worked_through_without_a_mouse(browser: Any, demo: Demo, language: str) -> None:
    from playwright.sync_api import expect

    words, who = WORDS[language], f"見本 けんばん {language}"
    begin_talk(demo, who)
    with signed_in(browser, demo, language=language) as page:
        complaints = listen(page)
        page.goto(demo.url + "/?view=all")
        rows = page.locator(".queue .row")
        rows.filter(has_text=who).wait_for()
        press = page.keyboard.press

        # Along the list, and in.
        press("j")
        expect(rows.nth(0)).to_be_focused()
        press("j")
        expect(rows.nth(1)).to_be_focused()
        press("k")
        while who not in page.locator(":focus").inner_text():
            press("j")
        press("Enter")
        page.get_by_role("log", name=words["log"]).wait_for()
        expect(
            rows.filter(has_text=who)
        ).to_be_focused()  # opening a talk takes the keyboard from nobody

        # Into the boxes; letters are letters there, and Escape leads out.
        box = page.get_by_label(words["reply"], exact=True)
        press("r")
        expect(box).to_be_focused()
        page.keyboard.type("jkeamu?[]")
        expect(box).to_have_value("jkeamu?[]")
        press("Control+a")
        press("Delete")
        press("Escape")
        expect(page.get_by_role("log", name=words["log"])).to_be_focused()
        press("n")
        expect(page.get_by_label(words["note"], exact=True)).to_be_focused()
        press("Escape")
        press("t")
        expect(page.get_by_label(words["tag"], exact=True)).to_be_focused()
        press("Escape")
        press("/")
        expect(page.get_by_label(words["search"])).to_be_focused()
        press("Escape")

        # Menus and questions take the keyboard, and give it back.
        press("m")
        page.get_by_text(words["take"]).first.wait_for()
        press("a")
        expect(page.locator(".menu .panel .item[aria-pressed=true]").first).to_be_focused()
        press("e")  # no key of the page in here
        press("ArrowDown")
        press("Escape")
        expect(
            page.locator(".menu > button").filter(has_text=re.compile("自分|me|Me"))
        ).to_be_focused()
        press("s")
        expect(page.get_by_role("button", name=words["snooze"])).to_be_focused()
        press("Escape")
        press("b")
        page.get_by_role("dialog").get_by_role("button", name=words["ask"]).wait_for()
        press("Escape")
        page.get_by_role("dialog").wait_for(state="detached")
        expect(rows.filter(has_text=who).locator(".unseen")).to_have_count(0)  # looked at by now
        press("u")
        page.get_by_text(words["unseen"]).wait_for()
        page.wait_for_timeout(1200)  # the talk is left: nobody's look takes the mark away
        assert "/talks/" not in page.url
        expect(page.locator(".queue .row:focus .unseen")).to_have_count(1)
        press("u")
        page.get_by_text(words["seen"]).last.wait_for()

        # Two keys in a row, with a word about the second.
        press("g")
        page.get_by_text(words["hint"]).wait_for()
        press("m")
        page.get_by_role("heading", name=words["mine"], level=1).wait_for()
        expect(rows.first).to_be_focused()
        press("Enter")
        page.get_by_role("log", name=words["log"]).wait_for()

        # From pane to pane.
        for selector in ('[role="log"]', "textarea", "aside.card"):
            press("]")
            expect(page.locator(f".talk {selector}").first).to_be_focused()
            if selector == "textarea":
                press("Escape")
                page.locator(".composer").evaluate("one => one.querySelector('button').focus()")
        press("[")
        expect(page.locator(".composer:focus-within")).to_have_count(1)
        press("Escape")

        # Done, and the next.
        press("Shift+E")
        page.get_by_text(words["done"]).first.wait_for()
        assert complaints == []


NEWS = {
    "ja": {
        "chosen": "2件選択", "seen": "未確認に戻しました", "undone": "元に戻しました",
        "tag": "タグの名前", "filter": "絞り込み", "name": "名前", "reply": "お客様への返信",
        "back": "送信を取り消しました", "later": "日時", "find": "操作・画面・お客様・本文を探す",
        "receiving": "受付中にする", "away": "離席にする", "watch": "対応状況",
        "reports": "レポート", "rules": "窓口の決まり", "notices": "通知", "view": "見本の条件",
    },
    "en": {
        "chosen": "2 selected", "seen": "as unseen", "undone": "Undone",
        "tag": "Name of the tag", "filter": "Filter", "name": "Name",
        "reply": "Reply to the customer",
        "back": "Not sent", "later": "Date", "find": "Find actions, screens, customers and texts",
        "receiving": "as receiving", "away": "as away", "watch": "Supervisor’s view",
        "reports": "Reports", "rules": "Desk rules", "notices": "Notifications",
        "view": "見本の条件",
    },
}  # fmt: skip


@pytest.mark.parametrize("language", ["ja", "en"])
def test_rows_are_chosen_narrowed_and_dealt_with_by_keys(
    browser: Any, demo: Demo, language: str
) -> None:
    from playwright.sync_api import expect

    words = NEWS[language]
    with signed_in(browser, demo, language=language) as page:
        complaints = listen(page)
        save_a_view(page)
        talks = call(page, "GET", "/conversations?view=all")["items"]
        seen = [{"id": one["id"], "epoch": one["epoch"], "seq": one["last_seq"]} for one in talks]
        call(page, "POST", "/conversations/bulk", {"talks": seen, "do": {"action": "seen"}})
        page.goto(demo.url + "/?view=all")
        rows = page.locator(".queue .row")
        rows.nth(2).wait_for()
        press = page.keyboard.press

        # Choose two, mark them, and take that back.
        press("j")
        press("x")
        press("j")
        press("Shift+X")
        page.get_by_text(words["chosen"]).wait_for()
        press("*")
        press("Shift+U")
        page.locator(".toast").get_by_text(words["seen"]).wait_for()
        press("z")
        page.locator(".toast").get_by_text(words["undone"]).wait_for()

        # What the menu of the chosen asks for takes the keyboard, and gives it back.
        press("Shift+A")
        press("*")
        press("t")
        expect(page.get_by_label(words["tag"], exact=True)).to_be_focused()
        press("Escape")
        press("*")
        press("x")
        expect(page.locator(".queue .bar[role=group]")).to_have_count(0)
        press("x")  # nothing has the keyboard any more, or a row has
        press("Escape")
        expect(page.locator(".queue .bar[role=group]")).to_have_count(0)

        # The filter, a name for the list, and a saved list by its number.
        press("Shift+F")
        page.get_by_role("region", name=words["filter"], exact=True).wait_for()
        press("Escape")
        press("Shift+V")
        expect(page.get_by_label(words["name"], exact=True)).to_be_focused()
        press("Escape")
        page.get_by_role("dialog").wait_for(state="detached")
        press("g")
        press("1")
        page.get_by_role("heading", name=words["view"], level=1).wait_for()

        # The rooms.
        for keys, name in (("gw", "watch"), ("gr", "reports"), ("gk", "rules"), ("gn", "notices")):
            for key in keys:
                press(key)
            page.get_by_role("heading", name=words[name], level=1).wait_for()
        assert complaints == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_send_is_undone_and_a_standing_told_without_a_mouse(
    browser: Any, demo: Demo, language: str
) -> None:
    from playwright.sync_api import expect

    words = NEWS[language]
    with signed_in(browser, demo, language=language) as page:
        complaints = listen(page)
        page.goto(demo.url + first_talk(page))
        page.locator('.talk [role="log"] li').first.wait_for()
        press = page.keyboard.press
        box = page.get_by_label(words["reply"], exact=True)

        # Sent, and back again, with the hands where they are.
        press("r")
        expect(box).to_be_focused()
        page.keyboard.type(f"取り消す見本 {language}")
        press("Control+Enter")
        expect(box).to_have_value("")
        page.locator(".talk [role=log]").get_by_text(f"取り消す見本 {language}").first.wait_for()
        page.locator(".talk [aria-keyshortcuts*='Shift+Enter']").last.wait_for()
        press("Control+Shift+Enter")
        page.get_by_text(words["back"]).first.wait_for()
        expect(box).to_have_value(f"取り消す見本 {language}")

        # The same words at another time: the form takes the keyboard.
        press("Escape")
        press("Shift+S")
        expect(page.locator(".composer form button, .composer form input").first).to_be_visible()
        press("Escape")
        box.fill("")

        # One's own standing, from anywhere.
        for name in ("away", "receiving"):
            press("Control+k")
            page.get_by_role("combobox", name=words["find"]).fill(words[name])
            page.get_by_role("option").filter(has_text=words[name]).first.wait_for()
            press("Enter")
            page.get_by_role("dialog").wait_for(state="detached")
            page.locator(".toast").last.wait_for()
        assert complaints == []


def test_the_keyboard_goes_along_rows_that_are_not_drawn(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    many, a_page = 10_000, 200

    def pages(route: Any) -> None:
        """A house of many talks, all like one that is there."""
        asked = parse_qs(urlsplit(route.request.url).query)
        start = int(asked.get("cursor", ["0"])[0])
        rows = [{**one, "id": f"talk-{n:05}", "customer_name": f"見本 {n:05}"}
                for n in range(start, min(many, start + a_page))]  # fmt: skip
        following = str(start + a_page) if start + a_page < many else None
        route.fulfill(json={"items": rows, "next": following, "at": at})

    with signed_in(browser, demo) as page:
        found = call(page, "GET", "/conversations?view=all&sort=newest")
        one, at = found["items"][0], found["at"]
        page.route(re.compile(r"/api/v1/conversations\?"), pages)
        page.goto(demo.url + "/?view=all&sort=newest")
        page.locator(".queue .row").nth(5).wait_for()
        drawn = page.locator(".queue [data-talk]").count()
        page.keyboard.press("j")
        expect(page.locator("[data-talk]:focus-within")).to_have_count(1)
        first = int(page.locator("[data-talk]:focus-within").get_attribute("aria-posinset"))
        for _ in range(320):
            page.keyboard.press("j")
        until_at(page, first + 320)
        assert page.locator(".queue [data-talk]").count() < drawn + 20
        for _ in range(5):
            page.keyboard.press("k")
        until_at(page, first + 315)
        page.keyboard.press("x")
        page.get_by_text("1件選択").wait_for()
        page.unroute_all()


def until_at(page: Any, place: int) -> None:
    page.locator(f"[data-talk][aria-posinset='{place}']:focus-within").wait_for()
