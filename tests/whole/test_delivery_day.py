"""The month's messages are used up: staff read what waits, let it be, and take up what failed."""

import json
import sqlite3
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.whole.conftest import Demo, sim
from tests.whole.screens import call
from tests.whole.test_main_job import keep_picture, open_console

pytestmark = pytest.mark.browser
SIZES = ((1440, 900), (1024, 768), (390, 780))


def put_aside(demo: Demo) -> None:
    """What no test from outside can make: an event that failed five times, for a mended reason."""
    user = sim(demo, "friends")[0]["user_id"]
    event = {"type": "follow", "mode": "active", "source": {"type": "user", "userId": user}}
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    row = {
        "account_id": "salon", "event_id": f"aside {now}", "lane": f"aside/{user}",
        "kind": "follow",
        "is_inside": False, "raw": json.dumps({**event, "follow": {"isUnblocked": False}}),
        "received_at": now, "done_at": now, "state": "aside", "tries": 5,
        "trouble": "OperationalError: 見本の不具合",
    }  # fmt: skip
    with sqlite3.connect(demo.data / "madoguchi.db", timeout=20) as db:
        marks = ", ".join("?" * len(row))
        db.execute(f"INSERT INTO arrival ({', '.join(row)}) VALUES ({marks})", [*row.values()])  # noqa: S608 # names of our own


def let_free_replies_end(demo: Demo) -> None:
    """However quickly the demo was there: what is sent now costs a message."""
    with sqlite3.connect(demo.data / "madoguchi.db", timeout=20) as db:
        db.execute("UPDATE arrival SET reply_until = received_at WHERE reply_until IS NOT NULL")
        db.execute("UPDATE conversation SET free_reply_until = NULL, reply_arrival_id = NULL")


def write_to_somebody(page: Any, words: str) -> None:
    box = page.locator(".composer textarea")
    box.fill(words)
    box.press("Control+Enter")


def test_what_waits_for_the_month_is_told_listed_and_let_be(browser: Any, demo: Demo) -> None:
    sim(demo, "faults", {"kind": "monthly", "path": "/message/push", "times": 1000})
    put_aside(demo)
    let_free_replies_end(demo)
    page = open_console(browser, demo, "manager@example.com")
    page.goto(f"{demo.url}/?view=all")
    page.locator("a[href^='/talks/']").first.click()
    write_to_somebody(page, "見本のお知らせです")
    page.get_by_text("通数待ち").first.wait_for()
    page.get_by_text("今月の通数を使い切りました", exact=False).first.wait_for()
    keep_picture(page, "delivery-held")

    page.goto(f"{demo.url}/watch")
    failures = page.get_by_role("region", name="届いていない送信")
    failures.get_by_text("見本のお知らせです").wait_for()
    aside = page.get_by_role("region", name="処理できなかった出来事")
    aside.get_by_text("データベースかサーバーの不調のため", exact=False).first.wait_for()
    aside.get_by_text("もう一度処理」を押します", exact=False).first.wait_for()
    assert "見本の不具合" not in page.content(), "words of an exception may be the customer's"
    page.get_by_text("送信の設定").first.click()
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            failures.scroll_into_view_if_needed()
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            keep_picture(page, f"delivery-watch-{theme}-{width}")
    page.set_viewport_size({"width": 1440, "height": 900})

    failures.get_by_label("種類").select_option("checking")
    failures.get_by_text("この条件の送信はありません。").wait_for()
    failures.get_by_label("種類").select_option("held")
    ours = failures.get_by_role("row").filter(has_text="見本のお知らせです")
    ours.get_by_role("button", name="対応しない").click()
    ours.wait_for(state="detached")
    aside.get_by_role("button", name="もう一度処理").click()
    aside.wait_for(state="detached")

    page.get_by_label("スタッフの送信に残す割合").fill("25")
    loading = page.get_by_label("答えを探している間", exact=False)
    (row,) = (one for one in call(page, "GET", "/quota")["items"] if one["account"] == "salon")
    decided = {
        "reserve_percent": row["reserve_percent"],
        "shows_loading": not row["shows_loading"],
        "marks_read": row["marks_read"],
    }
    was_on = loading.is_checked()
    call(page, "PUT", "/accounts/salon/sending", decided)  # on another screen
    loading.and_(page.locator(":not(:checked)" if was_on else ":checked")).wait_for()
    assert page.get_by_label("スタッフの送信に残す割合").input_value() == "25", "it is not lost"
    page.get_by_role("button", name="保存", exact=True).click()
    page.get_by_text("保存しました", exact=False).first.wait_for()
    sim(demo, "faults", {"kind": "delay", "seconds": 0})
    page.reload()
    page.get_by_text("送信の設定").first.click()
    assert page.get_by_label("スタッフの送信に残す割合").input_value() == "25"
