"""The bot with LINE's simulator on loopback ports: its webhook server and its worker on threads."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from bot.accounts import Accounts
from bot.flow_source import FlowSource
from bot.line_client import LineClient
from bot.means import Means
from bot.media_folder import MediaFolder
from bot.simulator.app import create_app
from bot.simulator.state import Simulator
from bot.webhook import webhook
from bot.worker import Worker
from flows.language.book import HOUSE, build
from flows.language.loader import load_folder
from storage.flow_versions import NewVersion, publish
from storage.unit import Store
from tests import given
from tests.bot.openapi import FOLDER

FLOWS = Path(__file__).parent.parent.parent / "flows"
PATIENCE_S = 10.0


def eventually(check: Callable[[], Any], what: str) -> Any:
    """The first true answer of a check; a failure when there is none in time."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        found = check()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError(f"it did not happen: {what}")


@dataclass
class Line:
    """LINE and its people, from outside."""

    simulator: Simulator
    app: Flask
    url: str
    webhook_url: str = ""

    def post(self, address: str, /, **body: Any) -> Any:
        return self.app.test_client().post(f"/sim/v1/{address}", json=body).get_json()

    def mend(self) -> None:
        """Nothing is broken any more; what was kept back goes out."""
        self.app.test_client().delete("/sim/v1/faults")

    def event(self, kind: str, /, **fields: Any) -> int | None:
        """Deliver an event of any kind, from nobody in particular unless it says so."""
        events = [{"type": kind, **fields}]
        status: int | None = self.post("accounts/main/events", events=events)["status"]
        return status

    def friend(self, name: str = "見本 花子") -> str:
        user: str = self.post("friends", account="main", name=name)["user_id"]
        return user

    def does(self, user: str, deed: str, **given: Any) -> int | None:
        status: int | None = self.post(f"friends/{user}/{deed}", **given)["status"]
        return status

    def texts(self, user: str) -> list[str]:
        """What the account said to a friend."""
        return [
            item["message"].get("text", "")
            for item in self.simulator.friends[user].screen
            if item["from"] == "account"
        ]

    def tap(self, user: str, label: str) -> None:
        """Press a quick reply of the newest bubble."""
        last = self.simulator.friends[user].screen[-1]["message"]
        actions = [item["action"] for item in last["quickReply"]["items"]]
        action = next(a for a in actions if a["label"] == label)
        self.does(user, "tap", data=action["data"], label=label)

    def calls(self, path: str) -> list[dict[str, Any]]:
        return [call for call in self.simulator.log if call["path"].endswith(path)]


def serve(app: Flask) -> tuple[Any, str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    loop = {"poll_interval": 0.02}  # how soon it sees that it is to end
    threading.Thread(target=server.serve_forever, kwargs=loop, daemon=True).start()
    return server, f"http://127.0.0.1:{server.port}"


@pytest.fixture
def counter(request: pytest.FixtureRequest, store: Store, tmp_path: Path) -> Iterator[Line]:
    """The running bot with the salon's flows, and LINE in front of it, with its own files.

    The account's mode is `economy`, or what the test gives by `indirect`.
    """
    now = datetime.now(UTC)
    simulator = Simulator()
    line_app = create_app(simulator, openapi=FOLDER if FOLDER.is_dir() else None)
    line_server, line_url = serve(line_app)
    mode = getattr(request, "param", "economy")
    store.write(lambda db: given.an_account(db, now, mode=mode))
    published = build(load_folder(FLOWS))
    bundles = (*published.flows, published.house)
    versions = [NewVersion(b.flow_id, b.hash, b.title, b.tree) for b in bundles]
    assert any(version.flow_id == HOUSE for version in versions)
    store.write(lambda db: publish(db, versions, None, now))
    accounts = Accounts(store, given.KEY)
    app = Flask("bot")
    app.register_blueprint(webhook(store, accounts, lambda: datetime.now(UTC)))
    server, url = serve(app)
    pool = ThreadPoolExecutor(8)
    means = Means(
        store=store,
        accounts=accounts,
        flows=FlowSource(store),
        client=LineClient(line_url, line_url),
        media=MediaFolder(tmp_path / "media"),
        spawn=pool.submit,
    )
    worker = Worker(means)
    threads = [threading.Thread(target=loop) for loop in worker.loops()]
    for thread in threads:
        thread.start()
    line = Line(simulator, line_app, line_url, f"{url}/line/main/webhook")
    line.post(
        "accounts",
        id="main",
        secret=given.SECRET,
        token=given.TOKEN,
        webhook_url=line.webhook_url,
    )
    yield line
    worker.stop()
    for thread in threads:
        thread.join()
    pool.shutdown()
    server.shutdown()
    line_server.shutdown()
