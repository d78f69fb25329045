"""Stickers, films and sounds that staff send, in a real browser and on the phone."""

import re
from typing import Any

import pytest

from tests.console.recordings import FILM, a_sound
from tests.whole.conftest import Demo
from tests.whole.test_composing import DROP, a_file, a_picture, attached, screen_of, user_of
from tests.whole.test_first_load import wait_for_parts
from tests.whole.test_flows_day import SIZES, speak
from tests.whole.test_main_job import PATIENCE_MS, keep_picture, open_console
from tests.whole.test_saved_replies import listen, open_talk

pytestmark = pytest.mark.browser
CONTENT = ("originalContentUrl", "previewImageUrl")
# LINE's own server is not at hand: a drawn one stands for its pictures, or it is cut off.
LINES_PICTURES = re.compile("stickershop[.]line-scdn[.]net")


def wait_for(page: Any, demo: Demo, name: str, kind: str, count: int = 1) -> list[dict[str, Any]]:
    """What the phone has of a kind, once it has so many."""
    for _ in range(200):
        found = [one for one in screen_of(demo, name) if one["type"] == kind]
        if len(found) >= count:
            return found
        page.wait_for_timeout(100)
    raise AssertionError(f"no {kind} came to {name}")


def open_phone(browser: Any, demo: Demo, name: str) -> Any:
    phone = browser.new_page(viewport={"width": 390, "height": 760})
    phone.set_default_timeout(PATIENCE_MS)
    phone.goto(f"{demo.line_url}/phone#{user_of(demo, name)}")
    return phone


def panel(page: Any) -> Any:
    return page.get_by_role("group", name="スタンプ", exact=True)


def stickers(page: Any) -> Any:
    return panel(page).get_by_role("tabpanel").get_by_role("button")


def test_a_sticker_is_chosen_by_keys_alone_and_reaches_the_phone(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    page = open_console(browser, demo, "staff-a@example.com")
    complaints = listen(page)
    page.context.route(LINES_PICTURES, lambda route: route.abort("namenotresolved"))
    box = open_talk(page, "見本 田辺")
    box.fill("書きかけの文")
    box.evaluate("one => one.blur()")

    # By its key; words stand where LINE's pictures do not come; arrows lead everywhere.
    page.keyboard.press("Shift+P")
    expect(stickers(page).first).to_be_focused()
    assert panel(page).get_by_role("tab", name="最近使ったもの").count() == 0
    keep_picture(page, "stickers-in-words")
    page.keyboard.press("ArrowUp")
    first = panel(page).get_by_role("tab", name="ムーン スペシャル", exact=True)
    expect(first).to_be_focused()
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    little = panel(page).get_by_role("tab", name="ちっちゃいブラコニ", exact=True)
    expect(little).to_be_focused()
    expect(little).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(panel(page).get_by_role("button", name="OK", exact=True)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    thanks = panel(page).get_by_role("button", name="ありがと", exact=True)
    expect(thanks).to_be_focused()
    keep_picture(page, "stickers-by-keys")

    # Escape leaves, and nothing was sent.
    page.keyboard.press("Escape")
    expect(panel(page)).to_have_count(0)
    expect(box).to_be_focused()

    # Enter sends at once, what was being written stays; it can be taken back like any reply.
    page.get_by_role("button", name="スタンプ", exact=True).click()
    little.click()
    thanks.focus()
    page.keyboard.press("Enter")
    expect(panel(page)).to_have_count(0)
    expect(box).to_have_value("書きかけの文")
    expect(box).to_be_focused()
    shown = page.get_by_role("log").get_by_text("ありがと", exact=True)
    shown.last.wait_for()
    page.get_by_role("button", name="取り消す", exact=True).wait_for()
    page.keyboard.press("Control+Shift+Enter")
    page.get_by_text("スタンプの送信を取り消しました").wait_for()
    expect(shown).to_have_count(0)
    expect(box).to_have_value("書きかけの文")
    assert all(one["type"] != "sticker" for one in screen_of(demo, "見本 田辺"))

    # Once more, from those used last.
    page.get_by_role("button", name="スタンプ", exact=True).click()
    expect(panel(page).get_by_role("tab", name="最近使ったもの")).to_have_attribute(
        "aria-selected", "true"
    )
    expect(stickers(page)).to_have_count(1)
    keep_picture(page, "stickers-recent")
    thanks.click()
    shown.last.wait_for()
    keep_picture(page, "stickers-sent")
    (sticker,) = wait_for(page, demo, "見本 田辺", "sticker")
    assert (sticker["packageId"], sticker["stickerId"]) == ("6325", "10979912")
    phone = open_phone(browser, demo, "見本 田辺")
    phone.locator(".bubble.sticker").get_by_text("ありがと", exact=True).last.wait_for()
    keep_picture(phone, "stickers-phone")
    assert complaints == []
    box.fill("")
    page.context.close()


def test_a_sticker_waits_while_the_line_is_cut(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    page = open_console(browser, demo, "staff-b@example.com")
    page.context.route(
        LINES_PICTURES, lambda route: route.fulfill(body=a_picture(), content_type="image/png")
    )
    box = open_talk(page, "見本 大野")
    wait_for_parts(page, ["StickerPanel"])  # the line may be cut before it is opened
    before = len([one for one in screen_of(demo, "見本 大野") if one["type"] == "sticker"])

    page.context.set_offline(True)
    box.evaluate("one => one.blur()")
    page.keyboard.press("Shift+P")
    panel(page).get_by_role("tab", name="ゆる敬語★LINEキャラクターズ", exact=True).click()
    panel(page).get_by_role("button", name="おつかれさまです").click()
    waiting = (
        page.get_by_role("log")
        .get_by_text("接続後に送ります")
        .or_(page.get_by_role("log").get_by_text("送信中"))
    )
    waiting.last.wait_for()
    keep_picture(page, "stickers-offline")
    page.context.set_offline(False)

    found = wait_for(page, demo, "見本 大野", "sticker", before + 1)
    assert found[-1]["packageId"] == "8515"
    picture = page.get_by_role("log").get_by_alt_text("スタンプ: おつかれさまです").last
    picture.wait_for()
    expect(page.get_by_role("log").get_by_text("送信中")).to_have_count(0)
    keep_picture(page, "stickers-pictures")
    page.context.close()


def until_playable(video: Any) -> None:
    """Asked again and again from here: the page's policy lets no words of ours be run in it."""
    for _ in range(100):
        if video.evaluate("one => one.readyState") >= 1:
            return
        video.page.wait_for_timeout(100)
    raise AssertionError("the film cannot be played")


def test_a_film_and_a_sound_are_attached_sent_and_played(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    page = open_console(browser, demo, "staff-a@example.com")
    complaints = listen(page)
    box = open_talk(page, "見本 山口")

    page.evaluate(DROP, [
        a_file("仕上がりの見本.mp4", FILM, "video/mp4"),
        a_file("声の見本.m4a", a_sound(7400), "audio/mp4"),
        a_file("途中まで.mp4", FILM[:900], "video/mp4"),
        a_file("別の形.mov", FILM, "video/quicktime"),
    ])  # fmt: skip
    expect(attached(page)).to_have_count(4)
    page.get_by_text("動画として送ります(長さ 0:01)").wait_for()
    page.get_by_text("音声として送ります(長さ 0:07)").wait_for()
    page.get_by_text("再生できない動画・音声です").wait_for()
    page.get_by_text("この種類は送れません").wait_for()
    keep_picture(page, "films-attached")
    for name in ("途中まで.mp4", "別の形.mov"):
        page.get_by_role("button", name=f"「{name}」を外す").click()
    box.fill("動画と音声の見本です")
    box.press("Control+Enter")

    # In the talk: players, with their length; the film stands as its own first picture.
    video, audio = (page.get_by_role("log").locator(kind).last for kind in ("video", "audio"))
    video.wait_for()
    audio.wait_for()
    page.get_by_role("log").get_by_text("長さ 0:01").wait_for()
    page.get_by_role("log").get_by_text("長さ 0:07").wait_for()
    until_playable(video)
    assert video.evaluate("one => one.duration") == pytest.approx(0.946, abs=0.1)
    keep_picture(page, "films-sent")

    # On the phone: as LINE describes them, and played from where they lie.
    (film,) = wait_for(page, demo, "見本 山口", "video")
    (sound,) = wait_for(page, demo, "見本 山口", "audio")
    assert set(film) >= {"type", *CONTENT}
    assert sound["duration"] == 7400
    preview = page.request.get(film["previewImageUrl"])
    assert preview.headers["content-type"] == "image/jpeg"
    part = page.request.get(film["originalContentUrl"], headers={"Range": "bytes=0-7"})
    assert (part.status, part.body()) == (206, FILM[:8])
    phone = open_phone(browser, demo, "見本 山口")
    phone.locator(".bubble.picture video").last.wait_for()
    phone.locator(".bubble.picture audio").last.wait_for()
    until_playable(phone.locator(".bubble.picture video").last)
    keep_picture(phone, "films-phone")
    assert [one for one in complaints if "415" not in one] == [], "one file was refused"
    page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_the_picker_fits_every_screen(browser: Any, demo: Demo, size: str, theme: str) -> None:
    page = open_console(browser, demo, "manager@example.com")
    page.emulate_media(color_scheme=theme)
    page.context.route(LINES_PICTURES, lambda route: route.abort("namenotresolved"))
    open_talk(page, "見本 大野")
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})

    page.get_by_role("button", name="スタンプ", exact=True).click()
    stickers(page).first.wait_for()
    for _ in range(3):
        page.keyboard.press("ArrowDown")

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    inside = panel(page).bounding_box()
    assert inside["x"] >= 0
    assert inside["y"] >= 0
    assert inside["x"] + inside["width"] <= width
    keep_picture(page, f"stickers-{size}-{theme}")
    page.keyboard.press("Escape")
    page.context.close()


def test_the_picker_speaks_english(browser: Any, demo: Demo) -> None:
    page = open_console(browser, demo, "staff-b@example.com")
    page.context.route(LINES_PICTURES, lambda route: route.abort("namenotresolved"))
    open_talk(page, "見本 山口")
    speak(page, "設定とサインアウト", "English")

    page.get_by_role("button", name="Stickers", exact=True).click()
    group = page.get_by_role("group", name="Stickers", exact=True)
    group.get_by_role("tab", name="LINE Characters: Pretty Phrases", exact=True).click()
    group.get_by_role("button", name="Good morning", exact=True).wait_for()
    keep_picture(page, "stickers-english")
    assert not re.search("[ぁ-んァ-ヴ一-龠]", group.inner_text())
    page.keyboard.press("Escape")
    speak(page, "Settings and sign-out", "日本語")
    page.context.close()
