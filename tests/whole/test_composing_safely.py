"""Composing safely in a real browser: drafts, undo, scheduled sends, mentions, what it costs."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.whole.conftest import PATIENCE_S, Demo, sim
from tests.whole.test_composing import a_picture, attached
from tests.whole.test_flows_day import SIZES
from tests.whole.test_main_job import keep_picture, open_console
from tests.whole.test_saved_replies import compose, listen, open_talk

pytestmark = pytest.mark.browser
NOTE = "ノート(お客様には見えません)"


def user_of(demo: Demo, name: str) -> str:
    """The friend who says that now; the webhook has been delivered when this is done."""
    user: str = sim(demo, "friends", {"account": "salon", "name": name})["user_id"]
    sim(demo, f"friends/{user}/say", {"text": "予約の相談です"})
    return user


def said(demo: Demo, user: str) -> list[str]:
    screen = sim(demo, f"friends/{user}/screen")
    return [item["message"].get("text", "") for item in screen if item["from"] == "account"]


def sent_line(page: Any, words: str) -> Any:
    """A line of ours, once LINE has it."""
    return page.locator("li.operator").filter(has_text=words).get_by_text(re.compile("送信済み"))


def wait_until(page: Any, is_so: Callable[[], bool]) -> None:
    """The page's own requests are handled meanwhile."""
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until
        page.wait_for_timeout(50)


def row_of(page: Any, name: str) -> Any:
    return page.locator('.queue a[href^="/talks/"]').filter(has_text=name).first


def test_a_draft_follows_its_writer_and_is_shared_and_taken_over(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    name = "見本 下書き"
    user_of(demo, name)
    shop = open_console(browser, demo, "staff-a@example.com")
    complaints = listen(shop)
    box = open_talk(shop, name)
    box.press_sequentially("お調べして、")
    shop.get_by_text("下書き・保存済み").wait_for()
    row_of(shop, name).get_by_text("下書き", exact=True).wait_for()

    # Another machine of the same person: the text is there; the two go apart, and none is lost.
    home = open_console(browser, demo, "staff-a@example.com")
    home.get_by_role("link", name="すべて", exact=True).first.click()
    row_of(home, name).click()
    other = home.get_by_label("お客様への返信")
    expect(other).to_have_value("お調べして、")
    home.reload()
    expect(other).to_have_value("お調べして、")
    box.press_sequentially("店から")
    shop.get_by_text("下書き・保存済み").wait_for()
    other.fill("家から")
    offered = home.get_by_role("region", name=re.compile("別の画面で書いた下書き"))
    offered.get_by_text("お調べして、店から").wait_for()
    keep_picture(home, "draft-other")
    offered.get_by_role("button", name="この文に替える").click()
    expect(other).to_have_value("お調べして、店から")
    offered.get_by_text("家から", exact=True).wait_for()
    offered.get_by_role("button", name="捨てる").click()
    offered.wait_for(state="detached")
    expect(box).to_have_value("お調べして、店から")
    home.context.close()

    # A colleague sees it when it is shared, and not before.
    colleague = open_console(browser, demo, "manager@example.com")
    open_talk(colleague, name)
    shared = colleague.get_by_role("region", name=re.compile("共有した下書き"))
    assert shared.count() == 0
    shop.get_by_role("button", name="下書きを共有").click()
    shared.get_by_text("お調べして、店から").wait_for()
    shop.get_by_text("下書き・同僚に共有中").wait_for()
    keep_picture(colleague, "draft-shared")
    shared.get_by_role("button", name="引き継いで書く").click()
    expect(colleague.get_by_label("お客様への返信")).to_have_value("お調べして、店から")
    shared.wait_for(state="detached")
    shop.get_by_text("さんが下書きを引き継ぎました").wait_for()
    expect(box).to_have_value("お調べして、店から")  # nobody empties another's box

    # Handed over with the talk, by choice.
    shop.get_by_role("button", name="有人対応に切り替える").first.click()
    shop.get_by_text("対応中").first.wait_for()
    colleague.get_by_label("お客様への返信").fill("")
    shop.get_by_title("担当者と受付先").click()
    shop.get_by_role("button", name="見本店長", exact=True).click()
    hand = shop.get_by_role("region", name=re.compile("下書きを.*渡しますか"))
    hand.wait_for()
    keep_picture(shop, "draft-hand")
    hand.get_by_role("button", name="下書きを渡す").click()
    colleague.get_by_role("region", name=re.compile("から引き継いだ下書き")).wait_for()
    assert complaints == []
    for page in (shop, colleague):
        page.context.close()


def test_a_reply_is_taken_back_and_the_next_arrives(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    name = "見本 取消"
    user = user_of(demo, name)
    page = open_console(browser, demo, "staff-a@example.com")
    complaints = listen(page)
    box = open_talk(page, name)
    box.fill("まちがい")
    page.keyboard.press("Control+Enter")
    page.get_by_text(re.compile("あと[1-5]秒で送信")).wait_for()
    keep_picture(page, "undo")
    page.get_by_role("button", name="取り消す", exact=True).click()
    expect(box).to_have_value("まちがい")
    page.get_by_text("さんが送信を取り消しました").wait_for()
    box.fill("正しい返信です")
    page.keyboard.press("Control+Enter")
    page.get_by_text(re.compile("あと[1-5]秒で送信")).wait_for()
    sent_line(page, "正しい返信です").wait_for()
    assert "まちがい" not in said(demo, user)
    assert "正しい返信です" in said(demo, user)
    keep_picture(page, "undone")

    page.get_by_role("button", name="設定とサインアウト").click()
    page.get_by_role("button", name="使わない", exact=True).click()
    page.keyboard.press("Escape")
    box.fill("すぐ届く返信です")
    page.keyboard.press("Control+Enter")
    sent_line(page, "すぐ届く返信です").wait_for()
    assert page.get_by_text(re.compile("秒で送信")).count() == 0
    page.get_by_role("button", name="設定とサインアウト").click()
    page.get_by_role("button", name="5秒待ってから送る").click()
    assert complaints == []
    page.context.close()


def test_a_reply_is_taken_back_before_the_server_has_answered(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    name = "見本 早取消"
    user = user_of(demo, name)
    page = open_console(browser, demo, "staff-a@example.com")
    complaints = listen(page)
    box = open_talk(page, name)
    kept: list[Any] = []

    def keep(route: Any) -> None:
        kept.append(route)

    page.route("**/conversations/*/messages", keep, times=1)
    box.fill("早まった返信")
    page.keyboard.press("Control+Enter")
    expect(box).to_have_value("")
    page.locator(".undo").wait_for()
    page.keyboard.press("Control+Shift+Enter")
    page.get_by_text("送信を取り消しています").wait_for()
    assert len(kept) == 1
    kept[0].continue_()

    expect(box).to_have_value("早まった返信")
    page.get_by_text("さんが送信を取り消しました").wait_for()
    box.fill("落ち着いた返信")
    page.keyboard.press("Control+Enter")
    sent_line(page, "落ち着いた返信").wait_for()
    assert "早まった返信" not in said(demo, user)
    assert complaints == []
    page.context.close()


def test_what_is_typed_last_is_kept_whatever_comes_next(browser: Any, demo: Demo) -> None:
    """A letter is painted before it is kept: nothing that follows at once may be faster."""
    from playwright.sync_api import expect

    name = "見本 早打ち"
    user_of(demo, name)
    page = open_console(browser, demo, "staff-a@example.com")
    box = open_talk(page, name)
    # Each without a pause: the letter, and what comes after it, in one task of the page.
    then = """(box, act) => {
      const here = location.pathname.split('/').pop();
      box.focus();
      document.execCommand('insertText', false, act);
      if (act === '頁') location.reload();
      else if (act === '欄') document.querySelector('#tab-note').click();
      else document.querySelector(`.queue li:not([data-talk="${here}"]) a`).click();
    }"""

    box.evaluate(then, "欄")
    note = page.get_by_label(NOTE)
    expect(note).to_have_value("")
    page.get_by_role("tab", name="返信").click()
    expect(box).to_have_value("欄")
    box.evaluate(then, "話")
    expect(page.locator(".talk h1, .talk h2").first).not_to_contain_text(name)
    row_of(page, name).click()
    expect(box).to_have_value("欄話")
    with page.expect_navigation():
        box.evaluate(then, "頁")
    expect(box).to_have_value("欄話頁")
    box.fill("")
    page.context.close()


def test_what_comes_back_and_what_is_typed_at_that_moment_are_both_kept(
    browser: Any, demo: Demo
) -> None:
    from playwright.sync_api import expect

    name = "見本 同時"
    user_of(demo, name)
    page = open_console(browser, demo, "staff-a@example.com")
    box = open_talk(page, name)
    box.fill("戻る返信")
    page.keyboard.press("Control+Enter")
    page.locator("li.operator").filter(has_text="戻る返信").get_by_role(
        "button", name="取り消す"
    ).wait_for()
    # A letter that is not painted yet when the console hears that the message is cancelled.
    page.evaluate("""() => {
      const ask = window.fetch;
      window.fetch = async (address, ...more) => {
        const answer = await ask(address, ...more);
        if (!String(address).endsWith('/cancel')) return answer;
        const told = await answer.text();
        document.execCommand('insertText', false, '続き');
        return new Response(told, answer);
      };
    }""")

    page.keyboard.press("Control+Shift+Enter")

    page.get_by_text("さんが送信を取り消しました").wait_for()
    expect(box).to_have_value("戻る返信\n続き")
    box.fill("")
    page.context.close()


def test_a_reply_that_is_taken_back_comes_with_all_that_it_took_along(
    browser: Any, demo: Demo
) -> None:
    from playwright.sync_api import expect

    name = "見本 添付"
    user = user_of(demo, name)
    page = open_console(browser, demo, "staff-a@example.com")
    complaints = listen(page)
    box = open_talk(page, name)
    picture = {"name": "見本.png", "mimeType": "image/png", "buffer": a_picture()}
    page.locator("input[type=file]").set_input_files(picture)
    page.get_by_text("画像として送ります").wait_for()
    page.get_by_role("button", name="クイックリプライ").click()
    page.get_by_label("ボタンの文字").fill("はい")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    box.fill("こちらです")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="取り消す", exact=True).first.click()

    expect(box).to_have_value("こちらです")
    expect(attached(page)).to_have_count(1)
    page.get_by_role("list", name="お客様に出るボタン").get_by_text("はい").wait_for()
    box.focus()
    page.keyboard.press("Control+Enter")
    sent_line(page, "こちらです").first.wait_for()
    assert said(demo, user).count("こちらです") == 1
    assert complaints == []
    page.context.close()


def test_a_message_is_scheduled_changed_stopped_by_a_reply_and_sent_now(
    browser: Any, demo: Demo
) -> None:
    from playwright.sync_api import expect

    name = "見本 日時"
    user = user_of(demo, name)
    page = open_console(browser, demo, "staff-a@example.com")
    complaints = listen(page)
    box = open_talk(page, name)
    opener = page.get_by_role("button", name="日時指定送信")
    opener.click()
    page.get_by_text("先に返信の文を書いてください").wait_for()
    opener.click()
    box.fill("明日お待ちしています")
    opener.click()
    page.get_by_role("button", name=re.compile("^明日の朝")).click()
    page.get_by_text("日時はAsia/Tokyoの時刻です").wait_for()
    keep_picture(page, "later-form")
    page.get_by_role("button", name="この日時に送る").click()
    expect(box).to_have_value("")
    item = page.get_by_role("listitem").filter(has_text="明日お待ちしています").first
    item.get_by_text("返信があったら送らない").wait_for()
    row_of(page, name).get_by_text("日時指定送信").wait_for()
    keep_picture(page, "later-list")

    item.get_by_role("button", name="編集").click()
    page.get_by_label("送る文").fill("明後日お待ちしています")
    page.get_by_role("button", name="変更を保存").click()
    item = page.get_by_role("listitem").filter(has_text="明後日お待ちしています").first
    item.wait_for()

    sim(demo, f"friends/{user}/say", {"text": "やっぱりやめます"})
    item.get_by_text("お客様から返信があったため、送りませんでした").wait_for()
    keep_picture(page, "later-stopped")
    item.get_by_role("button", name="いま送る").click()
    page.get_by_text("日時指定送信(1件)").wait_for(state="detached")
    sent_line(page, "明後日お待ちしています").wait_for()
    assert said(demo, user).count("明後日お待ちしています") == 1
    assert complaints == []
    page.context.close()


def test_a_colleague_is_called_in_a_note_also_by_an_input_method(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    name = "見本 ノート"
    user_of(demo, name)
    called = open_console(browser, demo, "staff-b@example.com")
    page = open_console(browser, demo, "staff-a@example.com")
    complaints = listen(page)
    open_talk(page, name)
    page.get_by_role("tab", name="ノート").click()
    box = page.get_by_label(NOTE)
    box.focus()
    menu = page.get_by_role("listbox", name="呼ぶスタッフ")
    keyboard = compose(page, "＠")
    page.wait_for_timeout(200)
    assert menu.count() == 0  # it is still being converted
    keyboard.send("Input.insertText", {"text": "＠"})
    menu.wait_for()
    keep_picture(page, "mention-menu")
    box.press_sequentially("スタッフB")
    expect(menu.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(box).to_have_value("@見本スタッフB ")
    box.press_sequentially("確認をお願いします")
    page.keyboard.press("Control+Enter")
    page.locator("mark").get_by_text("@見本スタッフB").first.wait_for()

    toast = called.get_by_text(re.compile("見本スタッフAさんがノートであなたを呼んでいます"))
    toast.wait_for()
    keep_picture(called, "mention-toast")
    toast.click()
    called.locator("mark.me").get_by_text("@見本スタッフB").first.wait_for()
    box.press_sequentially("mail@example.com")
    assert menu.count() == 0
    box.fill("")
    assert complaints == []
    for one in (page, called):
        one.context.close()


def test_the_same_in_english(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    name = "見本 English"
    user_of(demo, name)
    page = open_console(browser, demo, "staff-b@example.com")
    open_talk(page, name)
    page.get_by_role("button", name="設定とサインアウト").click()
    page.get_by_role("button", name="English").click()
    page.keyboard.press("Escape")
    box = page.get_by_label("Reply to the customer")
    box.fill("See you tomorrow")
    page.get_by_text("Draft · kept").wait_for()
    page.get_by_text(re.compile(r"Free · \d+ s left|Free for \d+ s more|1 message")).wait_for()
    page.get_by_role("button", name="Scheduled send").click()
    page.get_by_role("button", name=re.compile("^Tomorrow morning")).click()
    keep_picture(page, "later-form-en")
    page.get_by_role("button", name="Send at this time").click()
    item = page.get_by_role("listitem").filter(has_text="See you tomorrow").first
    item.get_by_text("Not if the customer replies").wait_for()
    item.get_by_role("button", name="Delete").click()
    page.get_by_text("Scheduled sends (1)").wait_for(state="detached")
    box.fill("Oops")
    page.keyboard.press("Control+Enter")
    page.get_by_text(re.compile("Sends in [1-5] s")).wait_for()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(box).to_have_value("Oops")
    page.get_by_text("took a message back").wait_for()
    keep_picture(page, "undone-en")
    box.fill("")
    page.get_by_role("button", name=re.compile("Settings")).first.click()
    page.get_by_role("button", name="日本語").click()
    page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_it_fits_every_screen(browser: Any, demo: Demo, size: str, theme: str) -> None:
    name = f"見本 {size} {theme}"
    user_of(demo, name)
    page = open_console(browser, demo, "manager@example.com")
    page.emulate_media(color_scheme=theme)
    box = open_talk(page, name)
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    box.fill("明日の10時にお待ちしています。\nお気をつけてお越しください。")
    page.get_by_role("button", name="日時指定送信").click()
    page.get_by_role("button", name=re.compile("^明日の朝")).click()

    def fits() -> bool:
        wide: bool = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        return wide

    assert fits()
    panel = page.get_by_role("group", name="日時指定送信").bounding_box()
    assert panel["x"] >= 0
    assert panel["x"] + panel["width"] <= width
    assert panel["y"] >= 0
    keep_picture(page, f"later-form-{size}-{theme}")
    page.get_by_role("button", name="この日時に送る").click()
    page.get_by_text(re.compile("日時指定送信\\(1件\\)")).wait_for()
    box.fill("続けて書いている下書きです")
    page.get_by_text("下書き・保存済み").wait_for()
    page.keyboard.press("Control+Enter")
    page.get_by_text(re.compile("あと[1-5]秒で送信")).wait_for()
    box.fill("つぎの下書き")
    page.get_by_text("下書き・保存済み").wait_for()
    assert fits()
    keep_picture(page, f"composing-{size}-{theme}")
    box.fill("")
    page.get_by_role("button", name="削除", exact=True).click()
    page.get_by_text(re.compile("日時指定送信\\(1件\\)")).wait_for(state="detached")
    page.context.close()


def test_an_answer_before_its_lines_waits_and_has_not_seen_what_the_bot_said_since(
    browser: Any, demo: Demo
) -> None:
    from playwright.sync_api import expect

    name = "見本 はやて"
    user = user_of(demo, name)
    page = open_console(browser, demo, "staff-a@example.com")
    page.get_by_role("link", name="すべて", exact=True).first.click()
    row = row_of(page, name)
    row.get_by_text("もしかして").wait_for()
    kept: list[Any] = []

    def keep(route: Any) -> None:
        kept.append(route)

    page.route("**/conversations/*/whole", keep)

    row.click()
    box = page.get_by_label("お客様への返信")
    box.fill("早すぎる返事です")
    page.keyboard.press("Control+Enter")
    expect(box).to_have_value("早すぎる返事です")
    sim(demo, f"friends/{user}/say", {"text": "駐車場はありますか"})
    row.get_by_text("ほかにご質問はありますか").wait_for()
    for one in kept:
        one.continue_()
    page.unroute("**/conversations/*/whole")

    page.get_by_text(re.compile("ボットが .* に返信しました")).wait_for()
    page.get_by_role("button", name="それでも送る").wait_for()
    assert "早すぎる返事です" not in said(demo, user)
    page.context.close()


def test_a_talk_that_failed_and_is_pointed_at_comes_with_its_drafts(
    browser: Any, demo: Demo
) -> None:
    from playwright.sync_api import expect

    name = "見本 出直し"
    user_of(demo, name)
    home = open_console(browser, demo, "staff-a@example.com")
    open_talk(home, name).fill("家で書いた文")
    home.get_by_text("下書き・保存済み").wait_for()
    home.context.close()

    page = open_console(browser, demo, "staff-a@example.com")
    page.get_by_role("link", name="すべて", exact=True).first.click()
    row = row_of(page, name)
    row.wait_for()
    page.route("**/conversations/*/whole", lambda route: route.abort())
    row.click()
    page.get_by_role("button", name="もう一度").wait_for()
    page.unroute("**/conversations/*/whole")
    page.mouse.move(0, 0)
    row.hover()

    page.locator("[role=log]").get_by_text("予約の相談です").wait_for()
    expect(page.get_by_label("お客様への返信")).to_have_value("家で書いた文")
    page.context.close()


def test_a_line_that_came_between_a_talk_and_the_list_beside_it_is_there(
    browser: Any, demo: Demo
) -> None:
    """The talk is read first, then somebody speaks, then the list is read: the journal is followed
    from where the talk was."""
    name = "見本 はざま"
    user = user_of(demo, name)
    page = open_console(browser, demo, "staff-a@example.com")
    open_talk(page, name)
    at = page.url.split("?")[0].replace("/talks/", "/api/v1/conversations/")
    lists: list[Any] = []
    talks: list[tuple[Any, Any]] = []

    def hold(route: Any) -> None:
        lists.append(route)

    def read(route: Any) -> None:
        talks.append((route, route.fetch()))

    page.route("**/api/v1/conversations?*", hold, times=1)
    page.route("**/conversations/*/whole", read, times=1)
    page.evaluate("() => location.reload()")
    wait_until(page, lambda: bool(lists and talks))
    sim(demo, f"friends/{user}/say", {"text": "はざまの一言"})
    wait_until(page, lambda: "はざまの一言" in page.request.get(f"{at}/messages").text())
    lists[0].continue_()
    [(route, answer)] = talks
    route.fulfill(response=answer)

    page.locator("[role=log]").get_by_text("はざまの一言", exact=True).wait_for()
    page.context.close()
