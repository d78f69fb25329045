"""LINE's OpenAPI files as the simulator's second opinion, where they are at hand."""

import sys
from pathlib import Path
from typing import Any

import pytest

from bot.simulator.app import OPENAPI, create_app
from bot.simulator.openapi import FILE, NoOracle, read_oracle
from tests.bot.openapi import FOLDER, document
from tests.bot.simulator.conftest import HELLO, Line

BOX: dict[str, Any] = {"type": "box", "layout": "vertical", "contents": []}


def flex(body: dict[str, Any]) -> dict[str, Any]:
    return {"type": "flex", "altText": "あ", "contents": {"type": "bubble", "body": body}}


@pytest.fixture
def strict(line: Line) -> Line:
    """The simulator with LINE's files beside its own limits."""
    document(FILE)  # skips, or fails, where they are not
    return Line(line.simulator, create_app(line.simulator, openapi=FOLDER), line.hook)


# Messages that LINE's files do not describe and our own limits let pass.
ODD: list[tuple[dict[str, Any], str]] = [
    (HELLO | {"quoteToken": 7}, "messages[0].quoteToken"),
    (flex(BOX | {"layout": "diagonal"}), "messages[0].contents.body.layout"),
    (flex(BOX | {"contents": [{"type": "poem"}]}), "messages[0].contents.body.contents[0].type"),
    (
        {"type": "image", "originalContentUrl": "https://example.com/a", "previewImageUrl": "https://example.com/a", "sender": {"name": 3}},
        "messages[0].sender.name",
    ),
]  # fmt: skip


@pytest.mark.openapi
@pytest.mark.parametrize(("message", "place"), ODD)
def test_a_request_that_line_does_not_describe_is_refused(
    strict: Line, message: dict[str, Any], place: str
) -> None:
    user = strict.friend()

    answer = strict.push(user, messages=[message])

    assert answer.status_code == 400
    assert place in [detail["property"] for detail in answer.json["details"]]
    assert strict.shown(user) == 0
    assert strict.push(user, messages=[HELLO, flex(BOX)]).status_code == 200


@pytest.mark.openapi
def test_the_whole_request_is_looked_at_and_the_retry_key_is_not_spent(strict: Line) -> None:
    user = strict.friend()
    token = strict.token(user)

    assert strict.push(user, notificationDisabled="yes").status_code == 400
    assert strict.post("chat/loading/start", loadingSeconds=20).status_code == 400
    assert strict.post("chat/loading/start", chatId=user).status_code == 202
    assert strict.reply(token, notificationDisabled="yes").status_code == 400
    assert strict.reply(token).status_code == 200
    assert strict.get(f"profile/{user}").status_code == 200


@pytest.mark.openapi
def test_the_setting_names_the_folder(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    document(FILE)
    user, odd = line.friend(), [HELLO | {"quoteToken": 7}]
    monkeypatch.delenv(OPENAPI, raising=False)
    line.app = create_app(line.simulator)
    assert line.push(user, messages=odd).status_code == 200, "no folder, no second opinion"

    monkeypatch.setenv(OPENAPI, str(FOLDER))
    line.app = create_app(line.simulator)
    assert line.push(user, messages=odd).status_code == 400


def test_a_folder_without_the_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoOracle, match=FILE):
        read_oracle(tmp_path)


def test_files_without_the_library_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / FILE).write_text("{}")
    monkeypatch.setitem(sys.modules, "jsonschema", None)

    with pytest.raises(NoOracle, match="jsonschema is not installed"):
        read_oracle(tmp_path)
