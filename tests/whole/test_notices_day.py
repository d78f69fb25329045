"""Two people at the counter: who is told, by which page, and what the settings do, in a browser."""

import re
from typing import Any

import pytest

from tests.whole.conftest import Demo, sim
from tests.whole.desk import wait_until
from tests.whole.test_main_job import keep_picture, open_console

pytestmark = pytest.mark.browser
COUNT_SOUNDS = """
  window.sounds = 0;
  const make = AudioContext.prototype.createOscillator;
  AudioContext.prototype.createOscillator = function () {
    window.sounds += 1;
    return make.call(this);
  };
"""
API = """async ([method, path, body]) => {
  const session = await (await fetch('/api/v1/session')).json();
  const answer = await fetch(`/api/v1${path}`, {
    method,
    headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': session.csrf_token },
    body: body === null ? undefined : JSON.stringify(body),
  });
  return answer.json();
}"""


def call(page: Any, method: str, path: str, body: Any = None) -> Any:
    return page.evaluate(API, [method, path, body])


def new_talk(demo: Demo, page: Any, name: str) -> tuple[str, str]:
    """A friend who has written, and their talk."""
    user = sim(demo, "friends", {"account": "salon", "name": name})["user_id"]
    sim(demo, f"friends/{user}/say", {"text": "見本の用件です"})
    for _ in range(100):
        for row in call(page, "GET", "/conversations?view=all&limit=100")["items"]:
            if row["customer_name"] == name:
                return user, row["id"]
        page.wait_for_timeout(100)
    raise AssertionError(f"{name} has no talk")


def take(page: Any, talk: str) -> None:
    epoch = call(page, "GET", f"/conversations/{talk}")["conversation"]["epoch"]
    assert call(page, "POST", f"/conversations/{talk}/take", {"epoch": epoch})["id"] == talk


def say(demo: Demo, user: str, text: str) -> None:
    sim(demo, f"friends/{user}/say", {"text": text})


def begin_anew(page: Any) -> None:
    """What the demo's own people did is seen."""
    page.wait_for_timeout(1500)
    call(page, "POST", "/me/notices/seen", {"up_to": 2**31 - 1})
    page.reload()
    page.get_by_text("接続中").first.wait_for()


def bell(page: Any) -> Any:
    return page.get_by_role("button", name=re.compile("^(お知らせ|Notices)")).first


def toast(page: Any, words: str) -> Any:
    return page.locator(".toast").filter(has_text=words)


def test_one_is_told_the_doer_is_not_and_one_page_rings(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    mine = open_console(browser, demo, "staff-a@example.com")
    mine.context.add_init_script(COUNT_SOUNDS)
    begin_anew(mine)
    mine.get_by_role("heading", level=1).first.click()
    second = mine.context.new_page()
    second.goto(demo.url)
    second.get_by_text("接続中").first.wait_for()
    second.get_by_role("heading", level=1).first.click()
    hers = open_console(browser, demo, "manager@example.com")
    user, talk = new_talk(demo, hers, "見本 知らせ")

    # Given by the manager: the one who gets it is told, the one who gives it is not.
    epoch = call(hers, "GET", f"/conversations/{talk}")["conversation"]["epoch"]
    me = call(mine, "GET", "/session")["operator"]["id"]
    call(hers, "POST", f"/conversations/{talk}/assign", {"operator_id": me, "epoch": epoch})
    toast(second, "見本 知らせさんの担当になりました").wait_for()
    keep_picture(second, "notice-toast")
    expect(second).to_have_title(re.compile(r"^\(\d+\) 受信箱"))
    assert toast(hers, "担当になりました").count() == 0

    # Of two pages one sounds, and ten messages are told once.
    def sounded() -> list[bool]:
        return sorted(page.evaluate("window.sounds") > 0 for page in (mine, second))

    wait_until(second, lambda: any(sounded()))
    second.wait_for_timeout(2500)
    assert sounded() == [False, True]
    for number in range(10):
        say(demo, user, f"返事 {number}")
    toast(second, "見本 知らせさんから返信がありました").wait_for()
    second.wait_for_timeout(1500)
    assert toast(second, "返信がありました").count() == 1
    assert toast(hers, "返信がありました").count() == 0

    # The list keeps what was missed; going there is to have seen it, in every page.
    bell(second).click()
    line = second.locator("a.line").filter(has_text="見本 知らせさんから返信がありました")
    line.get_by_text("10 件").wait_for()
    keep_picture(second, "notice-list")
    line.click()
    second.get_by_label("お客様への返信").wait_for()
    assert f"/talks/{talk}" in second.url
    expect(mine).to_have_title(re.compile("^受信箱"))

    # Who looks at the talk is not told of it.
    say(demo, user, "見ていますか")
    second.get_by_text("見ていますか").last.wait_for()
    second.wait_for_timeout(1500)
    expect(bell(second)).to_have_accessible_name("お知らせ")
    for page in (mine, hers):
        page.context.close()


def test_nobody_is_asked_for_any_more_once_somebody_has_the_talk(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    mine = open_console(browser, demo, "staff-a@example.com")
    hers = open_console(browser, demo, "staff-b@example.com")
    _, talk = new_talk(demo, hers, "見本 待ち人")
    take(hers, talk)
    epoch = call(hers, "GET", f"/conversations/{talk}")["conversation"]["epoch"]
    call(hers, "POST", f"/conversations/{talk}/assign", {"operator_id": None, "epoch": epoch})
    asked = toast(mine, "見本 待ち人さんのトークが要対応です")
    asked.wait_for()

    # Whoever takes it: the one who is told, or a colleague.
    take(hers, talk)

    expect(asked).to_have_count(0)
    for page in (mine, hers):
        page.context.close()


def test_the_settings_do_what_they_say(browser: Any, demo: Demo) -> None:
    from playwright.sync_api import expect

    page = open_console(browser, demo, "staff-b@example.com")
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    user, talk = new_talk(demo, page, "見本 静か")
    take(page, talk)
    begin_anew(page)
    page.get_by_role("button", name="設定とサインアウト").first.click()
    page.get_by_role("link", name="通知", exact=True).click()
    page.get_by_role("heading", name="通知", level=1).wait_for()

    page.get_by_role("button", name="試しに鳴らす").click()
    page.get_by_text("鳴らしました。").wait_for()
    page.get_by_role("button", name="木の音").click()

    # Nothing rings in the quiet hours; the list has it all the same.
    page.get_by_label("通知しない時間を決める").check()
    page.get_by_label("始まり", exact=True).fill("00:00")
    page.get_by_label("始まり", exact=True).blur()
    page.get_by_label(re.compile("^終わり")).fill("00:00")
    page.get_by_label(re.compile("^終わり")).blur()
    page.get_by_text("いまは通知しない時間です。").wait_for()
    keep_picture(page, "notice-settings")
    say(demo, user, "静かな時間の返事")
    expect(bell(page)).to_have_accessible_name("お知らせ(未確認 1 件)")
    assert toast(page, "返信がありました").count() == 0

    # Kept by the server: another page has the same, and the time is over at once when it is off.
    page.reload()
    expect(page.get_by_label("通知しない時間を決める")).to_be_checked()
    page.get_by_label("通知しない時間を決める").uncheck()
    box = page.get_by_role("checkbox", name="お客様が返信したを「画面」で知らせる")
    expect(box).to_be_checked()
    bell(page).click()
    page.get_by_role("button", name="すべて確認済みにする").click()
    expect(bell(page)).to_have_accessible_name("お知らせ")
    assert complaints == []
    page.context.close()


def test_an_operator_links_line_with_a_code(browser: Any, demo: Demo) -> None:
    page = open_console(browser, demo, "staff-b@example.com")
    page.goto(f"{demo.url}/notices")
    page.get_by_role("button", name="LINEとつなぐ").click()
    code = page.locator("strong").filter(has_text=re.compile("^[2-9A-Z]{8}$")).inner_text()
    page.get_by_alt_text("コードが入ったトークを開くQRコード").wait_for()
    keep_picture(page, "notice-code")
    phone = sim(demo, "friends", {"account": "salon", "name": "見本 Bの電話"})["user_id"]
    say(demo, phone, f"スタッフ連携 {code}")
    page.get_by_text("がつながっています").wait_for()
    page.locator("section", has_text="LINEで受け取る").get_by_role(
        "button", name="試しに送る"
    ).click()
    page.get_by_text("LINEが受け取りました。").wait_for()
    keep_picture(page, "notice-linked")
    screen = sim(demo, f"friends/{phone}/screen")
    assert "テストのお知らせ" in screen[-1]["message"]["text"]
    rows = call(page, "GET", "/conversations?view=all&limit=100")["items"]
    assert "見本 Bの電話" not in [row["customer_name"] for row in rows]

    page.get_by_role("button", name="つなぎを切る").click()
    page.get_by_role("button", name="LINEとつなぐ").wait_for()
    page.context.close()


def test_a_desktop_notice_leads_to_its_talk(browser: Any, demo: Demo) -> None:
    page = open_console(browser, demo, "manager@example.com")
    page.context.grant_permissions(["notifications"], origin=demo.url)
    page.goto(f"{demo.url}/notices")
    page.get_by_role("button", name="オンにする").click()
    page.get_by_text(re.compile("^オンです。")).wait_for()
    page.get_by_role("button", name="試しに送る").first.click()
    page.get_by_text(re.compile("出しました|受け取りました|応えません")).wait_for()
    _, talk = new_talk(demo, page, "見本 机の上")
    (worker,) = page.context.service_workers

    shown = worker.evaluate(
        """async (url) => {
          await self.registration.showNotification('t', { tag: 'x', data: { url } });
          const [shown] = await self.registration.getNotifications({ tag: 'x' });
          await clicked(shown ?? { close() {}, data: { url } });
          return shown?.data.url ?? url;
        }""",
        f"/talks/{talk}",
    )

    assert shown == f"/talks/{talk}"
    page.wait_for_url(re.compile(f"/talks/{talk}$"))
    page.get_by_text("見本 机の上").first.wait_for()
    page.goto(f"{demo.url}/notices")
    page.get_by_role("button", name="オフにする").click()
    page.get_by_text("このブラウザではオフです。").wait_for()
    page.context.close()


def test_in_english(browser: Any, demo: Demo) -> None:
    page = open_console(browser, demo, "staff-a@example.com")
    page.get_by_role("button", name="設定とサインアウト").first.click()
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.get_by_role("button", name="English").click()
    page.goto(f"{demo.url}/notices")
    page.get_by_role("heading", name="Notifications", level=1).wait_for()
    for title in ("When and how", "Quiet hours", "Sound", "By LINE"):
        page.get_by_role("heading", name=title).wait_for()
    keep_picture(page, "notice-settings-en")
    seen = page.locator("main").inner_text()
    assert not re.search("[ぁ-ん]", seen)
    user, talk = new_talk(demo, page, "Sample Person")
    take(page, talk)
    say(demo, user, "Hello?")
    page.locator(".toast").filter(has_text="Sample Person replied").wait_for()
    page.get_by_role("button", name=re.compile("^Notices")).first.click()
    page.locator("a.line").filter(has_text="Sample Person").first.wait_for()
    call(page, "PATCH", "/session", {"language": "ja"})
    page.context.close()
