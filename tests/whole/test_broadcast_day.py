"""A day of broadcasts: written, tried, sent to everybody once, sent later, taken back."""

import re
import urllib.request
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from tests.whole.conftest import Demo, sim
from tests.whole.screens import call, signed_in
from tests.whole.test_access import broken_rules, in_the_dark
from tests.whole.test_main_job import keep_picture

pytestmark = pytest.mark.browser
TEXT = "年末は12月30日まで営業します"
TITLE = "年末の営業時間"
TOGETHER = """async ([ids, version, send_at]) => {
  const session = await (await fetch('/api/v1/session')).json();
  const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': session.csrf_token };
  const body = JSON.stringify({ version, send_at });
  const send = (id) =>
    fetch(`/api/v1/broadcasts/${id}/schedule`, { method: 'POST', headers, body });
  return (await Promise.all(ids.map(send))).map((answer) => answer.status);
}"""


def friend(demo: Demo, name: str) -> str:
    """A friend who has written, and whom we know by now."""
    user = str(sim(demo, "friends", {"account": "salon", "name": name})["user_id"])
    sim(demo, f"friends/{user}/follow", {})
    return user


def phone(demo: Demo, user: str) -> list[dict[str, Any]]:
    """What it shows, from top to bottom."""
    shown: list[dict[str, Any]] = sim(demo, f"friends/{user}/screen")
    return shown


def times(demo: Demo, user: str, text: str) -> int:
    return sum(text in str(one) for one in phone(demo, user))


def known(page: Any, count: int) -> None:
    """As soon as so many friends are reached."""
    for _ in range(300):
        if call(page, "GET", "/accounts/salon/audience")["count"] >= count:
            return
        page.wait_for_timeout(100)
    raise AssertionError("the new friends are not known")


def link_own_line(demo: Demo, page: Any, user: str) -> None:
    """The person at the console is this friend, from now on."""
    code = call(page, "POST", "/me/line", {"account": "salon"})["text"]
    sim(demo, f"friends/{user}/say", {"text": code})
    for _ in range(300):
        if call(page, "GET", "/me/notices/means")["line"] is not None:
            return
        page.wait_for_timeout(100)
    raise AssertionError("the own LINE is not linked")


def a_picture() -> dict[str, Any]:
    written = BytesIO()
    Image.new("RGB", (320, 200), (200, 120, 80)).save(written, "JPEG")
    return {"name": "見本.jpg", "mimeType": "image/jpeg", "buffer": written.getvalue()}


def write(page: Any, title: str, text: str) -> None:
    page.get_by_label(re.compile("^配信名")).fill(title)
    page.get_by_label("吹き出し1の文").fill(text)


def begin(page: Any) -> None:
    page.get_by_role("link", name="一斉配信").first.click()
    page.get_by_role("button", name="配信を作る", exact=True).first.click()
    page.get_by_label("吹き出し1の文").wait_for()


def is_over(page: Any) -> bool:
    """Whether the page is wider than its screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def send_now(page: Any, demo: Demo, title: str) -> None:
    """One is written and sent on another machine; its page is opened."""
    new = {"client_broadcast_id": title, "account": "salon", "title": title}
    message = {"type": "text", "text": f"{title}です"}
    made = call(page, "POST", "/broadcasts", {**new, "messages": [message]})["broadcast"]
    body = {"version": made["version"], "send_at": None}
    call(page, "POST", f"/broadcasts/{made['id']}/schedule", body)
    page.goto(f"{demo.url}/broadcasts/{made['id']}")


def break_line(demo: Demo, kind: str, count: int) -> None:
    sim(demo, "faults", {"kind": kind, "path": "/message/multicast", "times": count})


def mend_line(demo: Demo) -> None:
    request = urllib.request.Request(f"{demo.line_url}/sim/v1/faults", method="DELETE")
    urllib.request.urlopen(request).close()


@pytest.fixture
def manager(browser: Any, demo: Demo) -> Any:
    with signed_in(browser, demo, accept_downloads=False) as page:
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.reload()
        page.locator(".queue h1").first.wait_for()
        yield page
        assert complaints == []


def test_one_is_written_tried_and_sent_to_everybody_once(manager: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    page = manager
    before = call(page, "GET", "/accounts/salon/audience")["count"]
    mine, hers, gone = (friend(demo, f"見本 {name}") for name in ("店長", "花子", "離れた人"))
    known(page, before + 3)
    sim(demo, f"friends/{gone}/block", {})

    # Nothing is there yet, and the page says what it is for.
    page.get_by_role("link", name="一斉配信").first.click()
    page.get_by_role("heading", name="配信はまだありません").wait_for()
    keep_picture(page, "broadcasts-empty")
    begin(page)
    write(page, TITLE, TEXT)

    # A page that is closed loses nothing.
    page.reload()
    page.get_by_text("この端末に残っていた書きかけを表示しています。").wait_for()
    expect(page.get_by_label("吹き出し1の文")).to_have_value(TEXT)
    page.locator("main input[type=file]").set_input_files([a_picture()])
    page.locator("main .picture img").wait_for()
    page.get_by_role("button", name="絵文字を入れる").click()
    page.locator(".emoji .grid button").first.click()
    page.keyboard.press("Escape")
    expect(page.get_by_label("吹き出し1の文")).to_have_value(re.compile("."))
    page.locator("main aside img").wait_for()
    page.get_by_role("button", name="吹き出し2を上へ").click()
    expect(page.get_by_role("button", name="吹き出し1を下へ")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="吹き出し2を上へ")).to_be_focused()

    # It is tried on one's own LINE, which gets what customers will get, and nobody else does.
    page.get_by_text("あなたのLINEがまだつながっていません。").wait_for()
    link_own_line(demo, page, mine)
    page.get_by_role("button", name="下書きを保存").click()
    page.get_by_text("保存済み").wait_for()
    assert re.search(r"/broadcasts/[0-9a-f]{26}$", page.url)
    page.reload()
    page.get_by_role("button", name="テスト送信").click()
    page.get_by_text("送りました。LINEを確かめてください。").wait_for()
    assert (times(demo, mine, TEXT), times(demo, hers, TEXT)) == (1, 0)
    keep_picture(page, "broadcast-draft")
    assert broken_rules(page) == []
    assert in_the_dark(page) == []

    # The last look says to how many, at what cost, when, and what.
    people = call(page, "GET", "/accounts/salon/audience")["count"]
    page.get_by_role("button", name="送信の確認へ").click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_text(f"友だち約{people}人").wait_for()
    dialog.get_by_text(TEXT).wait_for()
    dialog.get_by_text("確認のあと、すぐに送り始めます").wait_for()
    keep_picture(page, "broadcast-confirm")
    assert broken_rules(page) == []
    dialog.get_by_role("button", name=f"約{people}人に今すぐ送る").click()

    # It is done, by itself, and every phone got it once; not who blocked us, nor our own.
    page.get_by_text("送信が終わりました。").wait_for()
    expect(page.locator("main dl div").filter(has_text="届けた")).to_contain_text(f"{people}人")
    keep_picture(page, "broadcast-done")
    assert broken_rules(page) == []
    assert in_the_dark(page) == []
    assert [times(demo, one, TEXT) for one in (mine, hers, gone)] == [1, 1, 0]
    pictures = [one for one in phone(demo, hers) if "originalContentUrl" in str(one)]
    assert len(pictures) == 1
    page.get_by_role("link", name="‹ 一斉配信").click()
    expect(page.locator("main tbody tr")).to_contain_text("送信済み")
    expect(page.locator("main tbody tr")).to_contain_text(f"届けた {people}人")

    # Her card tells that she got it.
    sim(demo, f"friends/{hers}/say", {"text": "やめる"})
    page.goto(f"{demo.url}/?view=all&sort=newest")
    page.locator(".queue .row").filter(has_text="見本 花子").first.click()
    got = page.locator("aside.card section").filter(has_text="受け取った配信")
    expect(got).to_contain_text(TITLE)
    expect(got).to_contain_text("届けました")
    keep_picture(page, "broadcast-card")
    got.get_by_role("link", name=TITLE).click()
    page.get_by_role("heading", name=TITLE, level=1).wait_for()

    # Sent once more it begins as a draft of its own.
    page.get_by_role("button", name="複製して新しい配信を作る").click()
    page.get_by_role("heading", name=f"{TITLE}(複製)", level=1).wait_for()
    expect(page.get_by_label("吹き出し1の文")).to_have_value(re.compile(TEXT))
    page.get_by_role("button", name="下書きを削除").click()
    page.locator("dialog[open]").get_by_role("button", name="下書きを削除").click()
    page.locator("main table").wait_for()
    expect(page.locator("main tbody tr")).to_have_count(1)


def test_one_waits_for_its_moment_and_is_taken_back(manager: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    page = manager
    users = [one["user_id"] for one in sim(demo, "friends")]
    begin(page)
    write(page, "春のお知らせ", "春のキャンペーンです")
    page.get_by_label("日時を決めて送る").check()
    moment = page.get_by_label("送る日時")
    moment.fill("2020-01-01T10:00")
    page.get_by_text("これから1年以内の日時を選んでください。").wait_for()
    expect(page.get_by_role("button", name="送信の確認へ")).to_be_disabled()
    page.get_by_role("button", name=re.compile("^明日の朝")).click()
    page.get_by_text(re.compile(r"\b0?9:00 に送り始めます。")).wait_for()
    page.get_by_role("button", name="送信の確認へ").click()
    page.locator("dialog[open]").get_by_role("button", name="この日時に送る").click()

    # It waits; it may be a draft again, and be sent to nobody for good.
    page.get_by_text(re.compile("に、友だち全員へ送ります。")).wait_for()
    keep_picture(page, "broadcast-scheduled")
    page.get_by_role("button", name="下書きに戻す").click()
    page.get_by_label("日時を決めて送る").check()
    page.get_by_role("button", name="送信の確認へ").click()
    page.locator("dialog[open]").get_by_role("button", name="この日時に送る").click()
    page.get_by_role("button", name="送信を取り消す").click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_text("まだだれにも送っていません。").wait_for()
    dialog.get_by_role("button", name="取り消す", exact=True).click()
    page.get_by_text("送り始める前に取り消したため、だれにも届いていません。").wait_for()
    expect(page.locator("main time").filter(has_text="に取り消し")).to_have_count(1)
    expect(page.get_by_text("送信予定")).to_have_count(0)
    assert sum(times(demo, user, "春のキャンペーン") for user in users) == 0


def test_a_colleague_who_was_first_is_seen_and_nothing_is_lost(manager: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    page = manager
    text = [{"type": "text", "text": "はじめの文"}]
    new = {"client_broadcast_id": "first", "account": "salon", "title": "二人で", "messages": text}
    made = call(page, "POST", "/broadcasts", new)["broadcast"]
    page.goto(f"{demo.url}/broadcasts/{made['id']}")
    page.get_by_label("吹き出し1の文").fill("わたしの文")
    theirs = {"version": 1, "title": "二人で", "messages": [{"type": "text", "text": "同僚の文"}]}
    call(page, "PUT", f"/broadcasts/{made['id']}", theirs)

    page.get_by_text("ほかの人が先にこの下書きを変えました。").wait_for()
    page.get_by_text("同僚の文").wait_for()
    expect(page.get_by_label("吹き出し1の文")).to_have_value("わたしの文")
    page.get_by_text("続けるには、このページの上で、どうするかを選んでください").wait_for()
    keep_picture(page, "broadcast-theirs")
    page.get_by_role("button", name="自分の内容で保存").click()
    page.get_by_text("保存済み").wait_for()
    saved = call(page, "GET", f"/broadcasts/{made['id']}")
    assert saved["messages"] == [{"type": "text", "text": "わたしの文"}]

    # What does not reach the server is told beside what was pressed, and goes there later.
    page.get_by_label("吹き出し1の文").fill("つながらない間の文")
    page.context.set_offline(True)
    page.get_by_role("button", name="下書きを保存").click()
    page.locator("main footer").get_by_text("サーバーに届きませんでした。").wait_for()
    page.context.set_offline(False)
    page.get_by_role("button", name="下書きを保存").click()
    page.get_by_text("保存済み").wait_for()
    expect(page.get_by_role("button", name="送信の確認へ")).to_be_focused()


def test_what_goes_wrong_on_the_way_is_told_with_what_to_do(manager: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    page = manager
    people = call(page, "GET", "/accounts/salon/audience")["count"]
    user = next(one["user_id"] for one in sim(demo, "friends") if one["name"] != "見本 店長")

    # LINE is in trouble: it stands still when told to, and goes on.
    break_line(demo, "error", 1000)
    send_now(page, demo, "夏のお知らせ")
    page.get_by_text(f"0人分が終わりました。残り {people}人です。").wait_for()
    page.get_by_text(f"LINEの返事がない{people}人分は、間をおいて自動で送り直します。").wait_for()
    keep_picture(page, "broadcast-sending")
    page.get_by_role("button", name="一時停止").click()
    page.get_by_text(f"残り {people}人への送信を止めています。").wait_for()
    expect(page.get_by_role("button", name="再開")).to_be_focused()
    mend_line(demo)
    page.get_by_role("button", name="再開").click()
    page.get_by_text("送信が終わりました。").wait_for()
    assert times(demo, user, "夏のお知らせ") == 1

    # The month is over: it stops, says so, and goes on where it stood.
    break_line(demo, "monthly", 1)
    send_now(page, demo, "秋のお知らせ")
    page.get_by_role("heading", name="送信が止まっています").wait_for()
    page.get_by_text("今月の通数を使い切ったため止まりました。").wait_for()
    keep_picture(page, "broadcast-stopped")
    assert broken_rules(page) == []
    entry = page.locator("nav").get_by_role("link", name=re.compile("^一斉配信"))
    expect(entry).to_have_attribute("title", "一斉配信(止まっている配信が1件あります)")
    page.get_by_role("button", name="再開").click()
    page.get_by_text("送信が終わりました。").wait_for()
    expect(entry).to_have_attribute("title", "一斉配信")
    assert times(demo, user, "秋のお知らせ") == 1

    # It is cancelled while LINE's answer is awaited: nobody knows, and somebody decides.
    break_line(demo, "error", 1000)
    send_now(page, demo, "冬のお知らせ")
    page.get_by_text("送信中").first.wait_for()
    for _ in range(200):
        if any("multicast" in str(one.get("path")) for one in sim(demo, "log")[-40:]):
            break
        page.wait_for_timeout(50)
    page.wait_for_timeout(500)
    page.get_by_role("button", name="送信を取り消す").click()
    dialog = page.locator("dialog[open]")
    dialog.get_by_text("いまLINEへ送っている分は、届くことがあります。").wait_for()
    dialog.get_by_role("button", name="取り消す", exact=True).click()
    page.get_by_role("heading", name=f"送れたか分からないもの({people}人)").wait_for()
    page.get_by_text("返事を待っている間に、取り消されました。").wait_for()
    keep_picture(page, "broadcast-unknown")
    assert broken_rules(page) == []
    mend_line(demo)
    page.get_by_role("button", name="このままにする").click()
    expect(page.get_by_role("heading", name=re.compile("^送れたか分からないもの"))).to_have_count(0)
    expect(page.locator("main dl div").filter(has_text="不明")).to_contain_text(f"{people}人")


def test_several_may_decide_at_the_same_moment(manager: Any) -> None:
    """LINE is asked about each of them, by connections that are kept."""
    page = manager
    ids = [
        call(page, "POST", "/broadcasts", {
            "client_broadcast_id": f"several-{number}", "account": "salon", "title": "同時",
            "messages": [{"type": "text", "text": "同時のお知らせ"}],
        })["broadcast"]["id"]
        for number in range(4)
    ]  # fmt: skip
    at = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    for version in (1, 2, 3):
        assert page.evaluate(TOGETHER, [ids, version, at]) == [200] * 4


def test_in_english_by_the_keyboard_on_a_phone_and_as_a_reader(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    with signed_in(browser, demo, language="en") as page:
        page.goto(demo.url)
        page.get_by_role("link", name="Broadcasts", exact=True).first.wait_for()
        page.locator("body").press("g")
        page.keyboard.press("o")
        page.get_by_role("heading", name="Broadcasts", level=1).wait_for()
        page.keyboard.press("Shift+N")
        page.get_by_label("Text of bubble 1").wait_for()
        page.get_by_label(re.compile("^Name")).fill("Sample news")
        page.get_by_label("Text of bubble 1").fill("Good news")
        page.keyboard.press("Control+k")
        page.keyboard.type("save the draft")
        found = page.locator("dialog[open] [role=option]")
        expect(found).to_have_text([re.compile("Save the draft of the broadcast")])
        page.keyboard.press("Enter")
        page.get_by_text("Saved", exact=True).wait_for()
        page.set_viewport_size({"width": 390, "height": 844})
        assert not is_over(page)
        keep_picture(page, "broadcast-phone")
        page.get_by_role("button", name="Review and send").click()
        page.locator("dialog[open]").get_by_text(re.compile(r"about \d+ friends")).wait_for()
        assert broken_rules(page) == []
        assert not re.search("[ぁ-ん]", page.locator("dialog[open] dt").all_inner_texts().__str__())
        page.keyboard.press("Escape")
        page.go_back()
        page.get_by_role("heading", name="Broadcasts", level=1).wait_for()
        assert not is_over(page)

    with signed_in(browser, demo, email="leader@example.com") as page:
        page.goto(f"{demo.url}/broadcasts")
        page.get_by_role("heading", name="一斉配信", level=1).wait_for()
        expect(page.get_by_role("button", name="配信を作る")).to_have_count(0)
        page.get_by_role("link", name="Sample news", exact=True).click()
        page.get_by_text("下書きです。まだ送られていません。").wait_for()
        expect(page.get_by_label("吹き出し1の文")).to_have_count(0)
        expect(page.get_by_role("button", name=re.compile("複製"))).to_have_count(0)
