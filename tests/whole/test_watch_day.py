"""A supervisor's morning in a browser: who waits, who is there, a whisper, and the report."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from console.upkeep import OLD_AFTER, note_upkeep, read_upkeep
from tests.whole.conftest import ROOT, Demo, sim
from tests.whole.test_flows_day import SIZES
from tests.whole.test_main_job import keep_picture, open_console

pytestmark = pytest.mark.browser
LANGUAGES = {
    "ja": {
        "watch": "対応状況", "reports": "レポート", "waits": "待ち時間の長いトーク",
        "take": "自分が担当", "silent": "見守り",
        "more": "トークの操作", "looking": "見守り中",
        "whisper": "ささやき", "say": "ささやく", "got": "わかりました", "csv": "CSVを保存",
        "choose": re.compile("のトークを選ぶ$"), "to": "割り当て先", "give": "割り当てる",
        "given": re.compile("件を.*に割り当てました"), "people": "スタッフ", "seen_talks": "会話数",
        "surveys": "アンケート", "wall": "大画面で表示", "leave": "閉じる", "day": "日",
    },
    "en": {
        "watch": "Supervisor’s view", "reports": "Reports", "waits": "Longest waits",
        "take": "Make it mine", "silent": "Silent look",
        "more": "More for this conversation", "looking": "Looking silently",
        "whisper": "Whisper", "say": "Whisper", "got": "Got it", "csv": "Save as CSV",
        "choose": re.compile("^Choose the conversation with"), "to": "Assign to", "give": "Assign",
        "given": re.compile("assigned to"), "people": "Staff", "seen_talks": "Conversations",
        "surveys": "Surveys", "wall": "Wallboard", "leave": "Close", "day": "Day",
    },
}  # fmt: skip


def a_waiting_friend(demo: Demo, name: str) -> str:
    """Somebody whose sticker no flow takes, at whatever hour, so that they wait for a person."""
    user: str = sim(demo, "friends", {"account": "salon", "name": name})["user_id"]
    sim(demo, f"friends/{user}/follow", {})
    sim(demo, f"friends/{user}/say", {"text": "やめる"})
    sim(demo, f"friends/{user}/send", {"message": {"type": "sticker"}})
    return user


def speak(page: Any, language: str) -> None:
    """The language that the server keeps with the operator, as their menu would choose it."""
    page.evaluate(
        """async language => {
             const headers = {'Content-Type': 'application/json'};
             const {csrf_token} = await (await fetch('/api/v1/session')).json();
             headers['X-CSRF-Token'] = csrf_token;
             const body = JSON.stringify({language});
             await fetch('/api/v1/session', {method: 'PATCH', headers, body});
           }""",
        language,
    )
    page.reload()


def complaints_of(page: Any) -> list[str]:
    complaints: list[str] = []
    # The picture of a sticker is LINE's own, out there.
    page.on(
        "console",
        lambda m: (
            complaints.append(m.text)
            if m.type == "error" and "ERR_NAME_NOT_RESOLVED" not in m.text
            else None
        ),
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_supervisor_sees_whispers_gives_and_reports(
    browser: Any, demo: Demo, language: str
) -> None:
    words = LANGUAGES[language]
    name = f"見本 {language} いずみ"
    a_waiting_friend(demo, name)
    leader = open_console(browser, demo, "manager@example.com")
    staff = open_console(browser, demo, "staff-a@example.com")
    complaints = complaints_of(leader)
    for page in (leader, staff):
        speak(page, language)

    # The counter at a glance: the one who waits, and who is there.
    leader.get_by_role("link", name=words["watch"], exact=True).click()
    waits = leader.get_by_role("table", name=words["waits"])
    row = waits.get_by_role("row").filter(has_text=name)
    row.wait_for()
    people = leader.get_by_role("table", name=words["people"], exact=True)
    people.get_by_role("row").filter(has_text="見本スタッフA").wait_for()
    keep_picture(leader, f"watch-{language}")

    # Given to a colleague from the list, without going there.
    row.get_by_role("checkbox").check()
    leader.get_by_label(words["to"], exact=True).select_option(label="見本スタッフA")
    leader.get_by_role("button", name=words["give"], exact=True).click()
    leader.get_by_text(words["given"]).wait_for()
    row.filter(has_text="見本スタッフA").wait_for()

    # A silent look: what is new stays new, and nobody is told; then a whisper, which pops.
    row.get_by_role("link").click()
    leader.get_by_role("log").get_by_text("やめる").first.wait_for()
    more = leader.get_by_role("button", name=words["more"], exact=True)
    silent = leader.get_by_role("button", name=words["silent"], exact=True)
    more.click()
    silent.click()
    leader.locator(".talk header").get_by_text(words["looking"], exact=True).wait_for()
    more.click()
    leader.get_by_role("button", name=words["whisper"], exact=True).click()
    sheet = leader.get_by_role("dialog")
    sheet.get_by_role("textbox").fill("値引きは10%までです")
    keep_picture(leader, f"watch-whisper-{language}")
    sheet.get_by_role("button", name=words["say"], exact=True).click()
    sheet.wait_for(state="detached")
    staff.get_by_text("値引きは10%までです").first.wait_for()
    keep_picture(staff, f"watch-whispered-{language}")
    staff.get_by_role("button", name=words["got"], exact=True).click()
    staff.get_by_role("button", name=words["got"], exact=True).wait_for(state="detached")
    more.click()
    silent.click()

    # The report counts it, and leads back to the talk.
    leader.get_by_role("link", name=words["reports"], exact=True).click()
    today = leader.get_by_role("table", name=re.compile(f"{words['day']}$")).get_by_role("row").last
    figure = today.get_by_role("button", name=re.compile(words["seen_talks"]))
    figure.wait_for()
    figure.click()
    leader.get_by_role("dialog").get_by_role("link", name=re.compile(name)).wait_for()
    keep_picture(leader, f"report-behind-{language}")
    leader.keyboard.press("Escape")
    with leader.expect_download() as download:
        leader.get_by_role("button", name=words["csv"], exact=True).click()
    assert Path(download.value.path()).read_bytes().startswith(b"\xef\xbb\xbf")
    leader.get_by_role("button", name=words["surveys"], exact=True).click()
    leader.wait_for_url("**/reports?by=answers")
    leader.get_by_role("article").first.wait_for()

    speak(leader, "ja")
    speak(staff, "ja")
    assert complaints == []
    for page in (leader, staff):
        page.context.close()


def test_the_wallboard_names_nobody(browser: Any, demo: Demo) -> None:
    a_waiting_friend(demo, "見本 壁 かおり")
    page = open_console(browser, demo, "manager@example.com")
    page.goto(f"{demo.url}/wall")
    page.get_by_text("最長の待ち時間").wait_for()

    shown = page.locator("main").inner_text()
    assert "見本" not in shown
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.get_by_role("link", name="閉じる").click()
    page.wait_for_url("**/watch")
    assert page.evaluate("document.documentElement.dataset.theme ?? 'none'") != "dark"
    page.context.close()


def test_managers_alone_see_how_old_the_last_backup_is(
    browser: Any, demo: Demo, tmp_path: Path
) -> None:
    page = open_console(browser, demo, "manager@example.com")
    page.goto(f"{demo.url}/watch")
    backups = page.get_by_role("region", name="バックアップ", exact=True)
    last = backups.locator("dl > div").filter(has_text="最後のバックアップ")
    last.get_by_text("まだありません", exact=True).wait_for()
    backups.get_by_text("MADOGUCHI_BACKUP_DIR").wait_for()

    subprocess.run(
        [sys.executable, "-m", "console", "backup", str(tmp_path / "backup.tar")],
        cwd=ROOT, env={**os.environ, "MADOGUCHI_DATA_DIR": str(demo.data)}, check=True,
    )  # fmt: skip
    made_at = read_upkeep(demo.data)["backup"]
    page.reload()
    last.locator("time").wait_for()
    told = datetime.fromisoformat(last.locator("time").get_attribute("datetime"))
    assert abs((told - made_at).total_seconds()) < 1
    assert last.get_by_text("古くなっています").count() == 0
    keep_picture(page, "watch-backups")

    note_upkeep(demo.data, "backup", datetime.now(UTC) - 2 * OLD_AFTER["backup"])
    page.reload()
    last.get_by_text("古くなっています", exact=True).wait_for()

    leader = open_console(browser, demo, "leader@example.com")
    asked: list[str] = []
    leader.on("request", lambda request: asked.append(request.url))
    leader.goto(f"{demo.url}/watch")
    leader.get_by_role("table", name="スタッフ", exact=True).wait_for()
    assert leader.get_by_role("heading", name="バックアップ").count() == 0
    assert not [url for url in asked if "upkeep" in url]
    assert leader.request.get(f"{demo.url}/api/v1/upkeep").status == 403
    for one in (page, leader):
        one.context.close()


def test_the_staff_have_no_such_place(browser: Any, demo: Demo) -> None:
    page = open_console(browser, demo, "staff-a@example.com")
    assert page.get_by_role("link", name="対応状況").count() == 0
    page.goto(f"{demo.url}/reports")
    page.get_by_role("heading", name="リーダー以上の権限が必要です").wait_for()
    page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_the_pages_fit_every_screen(browser: Any, demo: Demo, size: str, theme: str) -> None:
    page = open_console(browser, demo, "manager@example.com")
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=theme)
    shown = {
        "watch": "スタッフ",
        "reports": "会話数",
        "reports?by=answers": "件の回答",
        "wall": "担当なし",
    }
    for path, word in shown.items():
        page.goto(f"{demo.url}/{path}")
        page.get_by_text(word).first.wait_for(state="attached")
        page.locator("main table, main dl").first.wait_for()
        keep_picture(page, f"{path.replace('?by=', '-')}-{size}-{theme}")
        wide = page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")
        assert wide, f"{path} is wider than the screen"
    page.context.close()
