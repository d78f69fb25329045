"""A customer sends every kind of message from the phone, and staff see each as itself."""

import base64
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import select

from flows.line.render import text_of
from storage import post
from storage.models.people import Friend
from storage.models.talks import Conversation
from storage.talks import lock
from storage.unit import open_store
from tests.whole.conftest import Demo, begin_talk, sim
from tests.whole.test_main_job import PATIENCE_MS, keep_picture, open_console

pytestmark = pytest.mark.browser
EMOJI = {"index": 5, "length": 7, "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "001"}
NAME = "見本 いろは"


def log_of(page: Any) -> Any:
    return page.get_by_role("log")


def send(demo: Demo, user: str, message: dict[str, Any], **more: Any) -> None:
    sim(demo, f"friends/{user}/send", {"message": message, **more})


def last_id(demo: Demo, user: str) -> str:
    own = [item for item in sim(demo, f"friends/{user}/screen") if item["from"] == "friend"]
    return str(own[-1]["id"])


@pytest.fixture(scope="module")
def user(demo: Demo) -> str:
    """A friend who has sent one of everything, and whom a person answers."""
    user = str(sim(demo, "friends", {"account": "salon", "name": NAME})["user_id"])
    sim(demo, f"friends/{user}/follow", {})
    sim(demo, f"friends/{user}/say", {"text": "やめる"})
    sim(demo, f"friends/{user}/say", {"text": "スタッフと話したい"})
    send(demo, user, {"type": "text", "text": "こんにちは(hello)です https://example.com/a?b=1。",
                      "emojis": [EMOJI]})  # fmt: skip
    quoted = last_id(demo, user)
    send(demo, user, {"type": "sticker", "keywords": ["よろしく", "おじぎ"]})
    send(demo, user, {"type": "image"})
    for index in (1, 2, 3):
        part = {"id": "SET1", "index": index, "total": 3}
        send(demo, user, {"type": "image", "imageSet": part})
    send(demo, user, {"type": "video", "duration": 65_000})
    send(demo, user, {"type": "audio", "duration": 3_000})
    send(demo, user, {"type": "file", "fileName": "見本の申込書.pdf", "fileSize": 12},
         content_base64=base64.b64encode(b"%PDF-1.4 sample").decode())  # fmt: skip
    send(demo, user, {"type": "location"})
    sim(demo, f"friends/{user}/pick", {"data": "d", "date": "2026-12-24"})
    for event in ("beacon", "accountLink", "membership", "things", "videoPlayComplete"):
        sim(demo, f"friends/{user}/happen", {"event": {"type": event}})
    send(demo, user, {"type": "text", "text": "これのことです", "quotedMessageId": quoted})
    send(demo, user, {"type": "text", "text": "知らないものの引用", "quotedMessageId": "1"})
    sim(demo, f"friends/{user}/say", {"text": "取り消す文です"})
    sim(demo, f"friends/{user}/unsend", {"message_id": last_id(demo, user)})
    sim(demo, f"friends/{user}/say", {"text": "土曜の3時"})
    sim(demo, f"friends/{user}/edit", {"message_id": last_id(demo, user), "text": "日曜の4時"})
    return user


@pytest.fixture
def page(browser: Any, demo: Demo, user: str) -> Iterator[Any]:
    assert user
    opened = open_talk(browser, demo)
    yield opened
    opened.context.close()


def open_talk(browser: Any, demo: Demo, width: int = 1440) -> Any:
    page = open_console(browser, demo, "manager@example.com")
    page.get_by_text("すべて", exact=True).first.click()
    page.locator('.queue a[href^="/talks/"]').filter(has_text=NAME).first.click()
    log_of(page).get_by_text("日曜の4時").wait_for()
    page.set_viewport_size({"width": width, "height": 900})
    return page


def test_each_kind_is_shown_as_itself(page: Any) -> None:
    log = log_of(page)

    # Text: the address opens elsewhere, safely; the emoji has its place, or its words.
    link = log.get_by_role("link", name="https://example.com/a?b=1")
    assert link.get_attribute("rel") == "noopener noreferrer nofollow"
    assert log.get_by_text("(hello)").or_(log.get_by_alt_text("(hello)")).count()
    assert log.get_by_text(re.compile("よろしく")).or_(log.get_by_alt_text("スタンプ")).count()

    # Files: a set as one, a film and a sound with their length, a file with its name and size.
    log.get_by_text("画像 3枚").wait_for()
    log.locator("video").wait_for()
    log.get_by_text("長さ 1:05").wait_for()
    log.get_by_text("長さ 0:03").wait_for()
    file = log.get_by_role("link", name="見本の申込書.pdf")
    file.wait_for()
    with page.expect_download() as saved:
        file.click()
    assert saved.value.suggested_filename == "見本の申込書.pdf"

    log.get_by_text("見本の場所").wait_for()
    assert "openstreetmap" in (
        log.get_by_role("link", name="地図で見る").get_attribute("href") or ""
    )
    log.get_by_text("選択: 2026年12月24日").wait_for()
    for deed in ("ビーコンの近くに来ました", "アカウント連携が完了しました",
                 "メンバーシップに加入しました", "LINE Thingsの機器をつなぎました",
                 "動画を最後まで見ました"):  # fmt: skip
        log.get_by_text(deed).wait_for()
    assert log.get_by_text("取り消す文です").count() == 0
    log.get_by_text("お客様がこのメッセージの送信を取り消しました").wait_for()
    assert log.get_by_text("土曜の3時").count() == 0
    log.get_by_text("編集済み").wait_for()
    log.get_by_text("引用元のメッセージは、このトークの記録にありません。").wait_for()
    keep_picture(page, "every-kind")


def test_the_viewer_is_worked_by_keys_and_gives_the_focus_back(page: Any) -> None:
    first = log_of(page).get_by_role("button", name=re.compile("画像を大きく表示")).first
    first.focus()
    page.keyboard.press("Enter")
    viewer = page.get_by_role("dialog", name="画像")
    viewer.get_by_text("1/4枚").wait_for()
    keep_picture(page, "viewer")

    page.keyboard.press("ArrowRight")
    viewer.get_by_text("2/4枚").wait_for()
    page.keyboard.press("+")
    viewer.get_by_text("125%").wait_for()
    page.keyboard.press("-")
    page.keyboard.press("ArrowLeft")
    viewer.get_by_text("1/4枚").wait_for()
    for _ in range(12):  # the keyboard stays within
        page.keyboard.press("Tab")
        inside = (
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
        assert page.evaluate(inside)
    page.keyboard.press("Escape")
    viewer.wait_for(state="detached")
    assert first.evaluate("node => node === document.activeElement")


def test_a_quote_leads_to_its_line_and_a_message_is_quoted_and_copied(page: Any) -> None:
    log = log_of(page)
    log.get_by_role("button", name=re.compile("お客様のメッセージを引用")).first.click()
    marked = page.locator("li.marked")
    marked.wait_for()
    assert "(hello)" in marked.inner_text() or marked.get_by_alt_text("(hello)").count()

    line = log.locator("li", has_text="日曜の4時")
    line.hover()
    page.wait_for_timeout(500)  # what scrolls under a menu closes it
    line.get_by_role("button", name="このメッセージの操作").click()
    menu = page.get_by_role("dialog", name="このメッセージの操作")
    menu.get_by_role("button", name="リンクをコピー").wait_for()
    keep_picture(page, "message-menu")
    assert menu.get_by_role("button").all_inner_texts() == [
        "引用して返信",
        "文をコピー",
        "リンクをコピー",
    ]
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    menu.get_by_role("button", name="文をコピー").click()
    page.get_by_text("コピーしました。").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == "日曜の4時"


def test_words_and_dates_lead_to_their_lines(page: Any) -> None:
    page.get_by_role("button", name="トークの操作").click()
    page.get_by_role("button", name="トーク内を検索").click()
    box = page.get_by_label("このトークから探す言葉")
    box.fill("やめ")
    page.get_by_text("1/1件").wait_for()
    page.locator("li.marked", has_text="やめる").wait_for()
    keep_picture(page, "find-in-talk")
    box.fill("どこにもない言葉")
    page.get_by_text("見つかりませんでした").wait_for()
    box.press("Escape")
    box.wait_for(state="detached")

    page.get_by_role("button", name="トークの操作").click()
    page.get_by_role("button", name="日付へ移動").click()
    calendar = page.get_by_role("dialog", name="日付へ移動")
    calendar.get_by_role("button").last.wait_for()
    keep_picture(page, "date-pick")
    page.keyboard.press("Enter")
    calendar.wait_for(state="detached")
    page.locator(".marked").first.wait_for()


def test_what_we_send_tells_how_it_went(page: Any, demo: Demo, user: str) -> None:
    page.locator("textarea").first.fill("ご予約をお取りします")
    page.keyboard.press("Control+Enter")
    sent = log_of(page).locator("li.operator", has_text="ご予約をお取りします").last
    sent.get_by_text(re.compile("送信済み")).wait_for()
    sent.get_by_role("button", name=re.compile("送信済み")).click()
    details = page.get_by_role("dialog", name="送信の詳細")
    details.get_by_text(re.compile("返信\\(無料\\)|プッシュ")).wait_for()
    details.get_by_text("LINEの応答").wait_for()
    keep_picture(page, "delivery-details")
    page.keyboard.press("Escape")

    # The customer quotes what we said: LINE told us its id.
    ours = [i for i in sim(demo, f"friends/{user}/screen") if i["from"] == "account"][-1]
    send(demo, user, {"type": "text", "text": "それでお願いします", "quotedMessageId": ours["id"]})
    answer = log_of(page).locator("li.customer", has_text="それでお願いします").last
    answer.get_by_text("ご予約をお取りします").wait_for()


def test_cards_show_what_can_be_tapped_and_what_was(page: Any, demo: Demo, user: str) -> None:
    bot_says(demo, user, CARDS[:3])
    bot_says(demo, user, CARDS[3:])
    sim(demo, f"friends/{user}/say", {"text": "土曜"})
    log = log_of(page)

    log.get_by_text("どちらがよいですか").wait_for()
    log.get_by_text("この日時でよろしいですか").wait_for()
    carousel = log.get_by_role("group", name="おすすめ")
    assert carousel.get_by_text("3枚目(全3枚)").count() == 1
    link = carousel.get_by_role("link", name="見る").first
    assert link.get_attribute("href") == "https://example.com/menu"
    log.get_by_text("画像タップメッセージ").wait_for()
    log.get_by_text("合計 4,400円").wait_for()
    chosen = log.locator("li.bot", has_text="どちらがよいですか").last.locator("li.on")
    chosen.wait_for()
    assert "土曜" in chosen.inner_text()
    keep_picture(page, "every-card")


def test_whoever_reads_further_up_is_told_what_is_new_and_is_left_where_they_are(
    page: Any, demo: Demo, user: str
) -> None:
    page.wait_for_timeout(800)
    page.evaluate("document.querySelector('[role=log]').scrollTop = 0")
    page.get_by_role("button", name="最新のメッセージへ").wait_for()
    for number in range(2):
        sim(demo, f"friends/{user}/say", {"text": f"新しい声{number}"})

    fresh = page.get_by_role("button", name=re.compile("新着 [2-9]件"))
    fresh.wait_for()
    assert page.evaluate("document.querySelector('[role=log]').scrollTop") < 400
    fresh.click()
    log_of(page).get_by_text("新しい声1").wait_for()
    fresh.wait_for(state="detached")
    left = "(e) => e.scrollHeight - e.scrollTop - e.clientHeight"
    assert log_of(page).evaluate(left) < 80


def test_whoever_is_at_the_end_stays_there_when_the_window_changes(
    browser: Any, demo: Demo
) -> None:
    from playwright.sync_api import expect

    user = begin_talk(demo, "見本 長話")
    for number in range(40):
        words = "長いお話で、せまい画面では折り返します。" * (number % 7)
        sim(demo, f"friends/{user}/say", {"text": f"見本の文{number} {words}"})
    page = open_console(browser, demo, "manager@example.com")
    page.get_by_text("すべて", exact=True).first.click()
    page.locator('.queue a[href^="/talks/"]').filter(has_text="見本 長話").first.click()
    log, to_end = log_of(page), page.get_by_role("button", name="最新のメッセージへ")
    log.get_by_text("見本の文39", exact=False).first.wait_for()

    left = "(e) => e.scrollHeight - e.scrollTop - e.clientHeight"
    for width in (1024, 390, 1440, 720, 390, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(500)  # what is late would scroll it after all
        expect(to_end).to_have_count(0)
        assert log.evaluate(left) < 80, width

    # And whoever goes back, goes back.
    log.evaluate("node => node.scrollTop -= 300")
    to_end.wait_for()
    assert log.evaluate(left) > 80
    page.context.close()


def bot_says(demo: Demo, user: str, messages: list[dict[str, Any]]) -> None:
    """What no sample flow says: put into the talk as the bot's, and sent as everything is."""

    def say(db: Any) -> None:
        friend = db.exec(select(Friend).where(Friend.line_user_id == user)).one()
        talk = db.exec(select(Conversation).where(Conversation.friend_id == friend.id)).one()
        texts = [text_of(message) for message in messages]
        said = post.Said(messages, texts, f"test:{messages[0]['altText']}")
        post.say(db, lock(db, talk.id), said, datetime.now(UTC))

    with closing(open_store(f"sqlite:///{demo.data}/madoguchi.db")) as store:
        store.write(say)


def column(title: str) -> dict[str, Any]:
    see = {"type": "uri", "label": "見る", "uri": "https://example.com/menu"}
    book = {"type": "postback", "label": "予約", "data": title}
    picture = "https://example.com/a.png"
    return {"title": title, "text": "60分", "thumbnailImageUrl": picture, "actions": [see, book]}


YES_NO = [{"type": "postback", "label": label, "data": label} for label in ("はい", "いいえ")]
AREA = {"x": 0, "y": 0, "width": 520, "height": 520}
CARDS: list[dict[str, Any]] = [
    {"type": "template", "altText": "確認",
     "template": {"type": "confirm", "text": "この日時でよろしいですか?", "actions": YES_NO}},
    {"type": "template", "altText": "おすすめ",
     "template": {"type": "carousel", "columns": [column(t) for t in ("カット", "カラー", "髪")]}},
    {"type": "template", "altText": "店の写真",
     "template": {"type": "image_carousel", "columns": [
         {"imageUrl": "https://example.com/a.png",
          "action": {"type": "message", "label": "外観", "text": "外観"}}]}},
    {"type": "imagemap", "altText": "春のキャンペーン", "baseUrl": "https://example.com/map",
     "baseSize": {"width": 1040, "height": 520},
     "actions": [{"type": "uri", "linkUri": "https://example.com/x", "area": AREA}]},
    {"type": "flex", "altText": "領収書", "contents": {"type": "bubble", "body": {
        "type": "box", "layout": "vertical",
        "contents": [{"type": "text", "text": "合計 4,400円"}]}}},
    {"type": "text", "text": "どちらがよいですか?", "quickReply": {"items": [
        {"type": "action", "action": {"type": "message", "label": day, "text": day}}
        for day in ("土曜", "日曜")]}},
]  # fmt: skip


def test_the_same_in_english(browser: Any, demo: Demo, user: str) -> None:
    assert user
    page = open_talk(browser, demo)
    try:
        speak(page, "en")
        page.reload()
        log = page.get_by_role("log")
        log.get_by_text("日曜の4時").wait_for()
        for words in ("3 pictures", "Length 1:05", "The customer came near a beacon", "Edited",
                      "The customer unsent this message", "View on a map",
                      "The quoted message is not in the records"):  # fmt: skip
            log.get_by_text(words).first.wait_for(timeout=PATIENCE_MS)
        keep_picture(page, "every-kind-en")
    finally:
        speak(page, "ja")
        page.context.close()


def speak(page: Any, language: str) -> None:
    """The operator's language, by the console's own door."""
    page.evaluate(
        """async (language) => {
          const session = await (await fetch('/api/v1/session')).json();
          const headers = {'Content-Type': 'application/json', 'X-CSRF-Token': session.csrf_token};
          const body = JSON.stringify({language});
          await fetch('/api/v1/session', {method: 'PATCH', headers, body});
        }""",
        language,
    )
