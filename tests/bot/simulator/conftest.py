"""The simulator alone, on a clock that stands still, with a webhook that keeps what it is sent."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask, Response, request
from werkzeug.test import TestResponse

from bot.simulator.app import OPENAPI, create_app
from bot.simulator.state import SimAccount, Simulator
from tests.bot.conftest import serve

NOW = 1_795_222_800.0
SECRET = "a-channel-secret"
HELLO = {"type": "text", "text": "こんにちは"}
KEY = "123e4567-e89b-12d3-a456-426614174000"


@dataclass
class Hook:
    """A bot's webhook that keeps what comes. statuses: what it answers next, then 200."""

    url: str = ""
    bodies: list[bytes] = field(default_factory=list)
    signatures: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def take(self) -> Response:
        self.bodies.append(request.get_data())
        self.signatures.append(request.headers["x-line-signature"])
        return Response("{}", self.statuses.pop(0) if self.statuses else 200)

    @property
    def deliveries(self) -> list[list[dict[str, Any]]]:
        return [json.loads(body)["events"] for body in self.bodies]

    @property
    def events(self) -> list[dict[str, Any]]:
        return [event for events in self.deliveries for event in events]


@dataclass
class Line:
    """The simulator from both sides: as a bot calls it, and as a test moves it."""

    simulator: Simulator
    app: Flask
    hook: Hook

    def control(self, address: str, /, **body: Any) -> TestResponse:
        return self.app.test_client().post(f"/sim/v1/{address}", json=body)

    def friend(self, *, follows: bool = True, account: str = "main") -> str:
        user: str = self.control("friends", account=account, name="見本 花子").json["user_id"]
        if follows:
            self.does(user, "follow")
        return user

    def does(self, user: str, deed: str, /, **given: Any) -> Any:
        answer = self.control(f"friends/{user}/{deed}", **given)
        assert answer.status_code == 200, answer.json
        return answer.json["status"]

    def token(self, user: str) -> str:
        """The reply token of something that the friend says now."""
        self.does(user, "say", text="あ")
        token: str = self.hook.events[-1]["replyToken"]
        return token

    def advance(self, seconds: float) -> None:
        self.control("clock", advance_s=seconds)

    def post(
        self, path: str, /, *, key: str | None = None, account: str = "main", **body: Any
    ) -> TestResponse:
        headers = {"Authorization": f"Bearer {account}-token"}
        if key is not None:
            headers["X-Line-Retry-Key"] = key
        return self.app.test_client().post(f"/v2/bot/{path}", json=body, headers=headers)

    def get(self, path: str, /, *, account: str = "main") -> TestResponse:
        headers = {"Authorization": f"Bearer {account}-token"}
        return self.app.test_client().get(f"/v2/bot/{path}", headers=headers)

    def reply(self, token: str, **more: Any) -> TestResponse:
        return self.post("message/reply", replyToken=token, messages=[HELLO], **more)

    def push(self, user: str, **more: Any) -> TestResponse:
        return self.post("message/push", **{"to": user, "messages": [HELLO], **more})

    def shown(self, user: str) -> int:
        """How many messages of the account the phone shows."""
        screen = self.app.test_client().get(f"/sim/v1/friends/{user}/screen").json
        return sum(item["from"] == "account" for item in screen)


@pytest.fixture(scope="session")
def hook_server() -> Iterator[Hook]:
    hook, app = Hook(), Flask("hook")
    app.post("/webhook")(hook.take)
    server, url = serve(app)
    hook.url = f"{url}/webhook"
    yield hook
    server.shutdown()


@pytest.fixture
def hook(hook_server: Hook) -> Hook:
    """The webhook, with nothing in it yet."""
    for kept in (hook_server.bodies, hook_server.signatures, hook_server.statuses):
        kept.clear()
    return hook_server


@pytest.fixture
def line(hook: Hook, monkeypatch: pytest.MonkeyPatch) -> Line:
    """LINE with two accounts, `main` and `other`; its own limits alone decide."""
    monkeypatch.delenv(OPENAPI, raising=False)
    simulator = Simulator(clock=lambda: NOW)
    for name in ("main", "other"):
        simulator.add_account(SimAccount(name, SECRET, f"{name}-token", hook.url))
    return Line(simulator, create_app(simulator), hook)
