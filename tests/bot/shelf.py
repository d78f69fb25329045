"""A friend's files on their way from LINE to the disk, step by step."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from bot.accounts import Accounts
from bot.flow_source import FlowSource
from bot.line_client import LineClient
from bot.means import Means
from bot.media import fetch_media
from bot.media_folder import MediaFolder
from bot.simulator.app import create_app
from bot.simulator.state import SimAccount, Simulator
from storage.incoming import Incoming, receive, unsend
from storage.models.people import Account
from storage.models.talks import Media
from storage.unit import Store
from tests import given
from tests.bot.conftest import serve


@dataclass
class Shelf:
    """A friend's files on their way from LINE to the disk, with a clock of our own."""

    simulator: Simulator
    app: Any
    store: Store
    folder: Path
    user: str = ""
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    means: Means = None  # type: ignore[assignment] # given by the fixture

    def sent(self, kind: str, content: bytes | None = None, mime: str = "") -> str:
        """The friend sends a file; its line is in the talk. The message's id."""
        more = {"content_base64": base64.b64encode(content).decode(), "mime": mime} if content else {}  # fmt: skip
        address = f"/sim/v1/friends/{self.user}/send"
        self.app.test_client().post(address, json={"message": {"type": kind}, **more})
        item = self.simulator.friends[self.user].screen[-1]
        self.store.write(lambda db: self._hear(db, kind, item))
        return str(item["id"])

    def _hear(self, db: Any, kind: str, item: dict[str, Any]) -> None:
        account = db.get_one(Account, "main")
        event = given.a_text_event("", int(item["id"]), self.user)
        arrival = given.an_arrival(db, account, event, self.now)
        conversation = given.a_talk(db, account, self.now, self.user)
        file_name = {"file_name": "見本.txt"} if kind == "file" else {}
        incoming = Incoming(kind, item["message"], self.now, None, item["id"], file_name)
        receive(db, conversation, incoming, arrival, self.now)

    def takes_back(self, message_id: str) -> None:
        address = f"/sim/v1/friends/{self.user}/unsend"
        self.app.test_client().post(address, json={"message_id": message_id})

    def unsend(self, db: Any, message_id: str) -> None:
        conversation = given.a_talk(db, db.get_one(Account, "main"), self.now, self.user)
        unsend(db, conversation, message_id, self.now)

    def fetch(self, later_s: float = 0.0) -> Media:
        """Fetch what is due then; the newest file's row."""
        self.now += timedelta(seconds=later_s)
        self.simulator.advanced_s += later_s
        fetch_media(self.means)
        newest = select(Media).order_by(col(Media.line_message_id).desc())
        return self.store.read(lambda db: db.scalars(newest).first())

    def kept(self) -> list[Path]:
        """Every file on the disk."""
        return [path for path in self.folder.rglob("*") if path.is_file()]


@contextmanager
def a_shelf(store: Store, folder: Path) -> Iterator[Shelf]:
    """With its own LINE, and a clock that stands still."""
    stopped = 1_790_000_000.0  # moves only by `fetch`, however slow the machine is
    simulator = Simulator(clock=lambda: stopped)
    simulator.add_account(SimAccount("main", given.SECRET, given.TOKEN, "http://127.0.0.1:1/"))
    app = create_app(simulator)
    server, url = serve(app)
    shelf = Shelf(simulator, app, store, folder, simulator.add_friend("main", "見本 花子").user_id)
    store.write(lambda db: given.an_account(db, shelf.now))
    shelf.means = Means(
        store=store,
        accounts=Accounts(store, given.KEY),
        flows=FlowSource(store),
        client=LineClient(url, url),
        media=MediaFolder(folder),
        spawn=lambda work: work(),
        room=lambda: 1,
        beside=lambda work: work(),
        clock=lambda: shelf.now,
    )
    yield shelf
    server.shutdown()
