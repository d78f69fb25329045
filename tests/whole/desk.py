"""What tests in a browser look for at the counter: a talk, its row, what was said in it."""

import re
import time
from collections.abc import Callable
from typing import Any

from tests.whole.conftest import PATIENCE_S, Demo, sim

NOTE = "ノート(お客様には見えません)"


def a_friend_wrote(demo: Demo, name: str) -> str:
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


def row_of(page: Any, name: str) -> Any:
    return page.locator('.queue a[href^="/talks/"]').filter(has_text=name).first


def wait_until(page: Any, is_so: Callable[[], bool]) -> None:
    """The page's own requests are handled meanwhile."""
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until
        page.wait_for_timeout(50)
