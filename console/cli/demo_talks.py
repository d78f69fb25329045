"""What the demo's sample people say, on the simulator's phones."""

import json
import time
import urllib.request
from typing import Any

PATIENCE_S = 10.0
STEP_S = 0.03

# Each line: a deed and what goes with it. "tap" presses a button of the newest bubble.
TALKS: dict[str, tuple[tuple[str, str], ...]] = {
    "見本 花子": (
        ("follow", ""), ("tap", "はじめて"), ("tap", "20代"), ("say", "カラー"), ("tap", "決定"),
        ("pick", "1998-04-02"),
    ),
    "見本 太郎": (("follow", ""), ("tap", "来たことがある"), ("tap", "40代")),
    "見本 さくら": (
        ("follow", ""), ("say", "やめる"), ("say", "駐車場はありますか"),
    ),
    "見本 森": (("follow", ""), ("say", "やめる"), ("say", "予約を変えられますか")),
    "Kei (見本)": (("follow", ""), ("say", "やめる"), ("send", "sticker")),
    "見本 小林": (
        ("follow", ""), ("tap", "来たことがある"), ("say", "三十路"), ("tap", "30代"),
        ("tap", "カット"), ("tap", "決定"), ("say", "春ごろ"), ("tap", "スキップ"),
    ),
    "見本 山口": (("follow", ""), ("tap", "はじめて"), ("tap", "10代"), ("say", "やめる")),
    "見本 大野": (
        ("follow", ""), ("say", "やめる"), ("say", "予約"), ("tap", "カット"), ("say", "やめる"),
    ),
    "見本 田辺": (
        ("follow", ""), ("say", "やめる"), ("say", "スタッフと話したい"), ("send", "image"),
        ("say", "この髪型にできますか?"),
    ),
    "見本 青木": (("follow", ""), ("say", "やめる"), ("say", "スタッフと話したい")),
    "見本 西村": (("follow", ""), ("say", "やめる"), ("say", "スタッフと話したい")),
    "見本 佐野": (("follow", ""), ("say", "やめる"), ("say", "スタッフと話したい")),
}  # fmt: skip


def talk_all(line_url: str, account: str) -> None:
    """Everybody talks, one after another, each waiting for the bot as a person would."""
    for name, deeds in TALKS.items():
        user = _post(line_url, "friends", {"account": account, "name": name})["user_id"]
        for deed, what in deeds:
            _do(line_url, user, deed, what)


def _do(line_url: str, user: str, deed: str, what: str) -> None:
    before = _screen(line_url, user)
    match deed:
        case "tap":
            action = _action(before, what)
            if action is not None:
                given = {"data": action["data"], "label": what}
                _post(line_url, f"friends/{user}/tap", given)
        case "pick":
            action = _picker(before)
            if action is not None:
                _post(line_url, f"friends/{user}/pick", {"data": action["data"], "date": what})
        case "send":
            _post(line_url, f"friends/{user}/send", {"message": {"type": what}})
        case _:
            _post(line_url, f"friends/{user}/{deed}", {"text": what} if what else {})
    _wait_for_bot(line_url, user, len(before))


def _wait_for_bot(line_url: str, user: str, known: int) -> None:
    """Until the bot has said something and is quiet; some deeds it does not answer."""
    deadline = time.monotonic() + PATIENCE_S
    quiet_since, count = time.monotonic(), known
    while time.monotonic() < deadline:
        screen = _screen(line_url, user)
        if len(screen) != count:
            count, quiet_since = len(screen), time.monotonic()
        has_answer = count > known and screen[-1]["from"] == "account"
        if time.monotonic() - quiet_since > (0.15 if has_answer else 1.0):
            return
        time.sleep(STEP_S)


def _action(screen: list[dict[str, Any]], label: str) -> dict[str, Any] | None:
    return next((a for a in _actions(screen) if a.get("label") == label), None)


def _picker(screen: list[dict[str, Any]]) -> dict[str, Any] | None:
    return next((a for a in _actions(screen) if a["type"] == "datetimepicker"), None)


def _actions(screen: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What can be tapped under the newest bubble of the account."""
    said = [item["message"] for item in screen if item["from"] == "account"]
    items = said[-1].get("quickReply", {}).get("items", []) if said else []
    return [item["action"] for item in items]


def _screen(line_url: str, user: str) -> list[dict[str, Any]]:
    with urllib.request.urlopen(f"{line_url}/sim/v1/friends/{user}/screen") as answer:  # noqa: S310 # our own address
        screen: list[dict[str, Any]] = json.load(answer)
        return screen


def _post(line_url: str, path: str, body: dict[str, Any]) -> Any:
    request = urllib.request.Request(  # noqa: S310 # our own address
        f"{line_url}/sim/v1/{path}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310 # our own address
        return json.load(answer)
