"""The operators' room on one thread: its API, its sockets, and browsers that keep what they hear."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask
from flask_socketio import SocketIO, SocketIOTestClient
from sqlmodel import Session

from console.app import create_app
from console.door import House
from console.live import Live
from console.settings import read_settings
from storage import journal, quota
from tests import given
from tests.laws.house import Snapshot, applied, snapshot
from tests.laws.one_thread.drawn import Drawn
from tests.laws.one_thread.processes import Process, Seat
from tests.laws.one_thread.shop import MODES

ORIGIN = "http://localhost"
CSRF = "csrf"


@dataclass(frozen=True, slots=True)
class Sending:
    """What an operator sends, as often as the browser has to: the same body each time."""

    operator: int
    path: str
    body: dict[str, Any]


def seen(db: Session) -> Snapshot:
    """What a page shows, as the API gives it: an account that was never asked has a blank month."""
    months = quota.quota_rows(db, list(MODES))
    return {**snapshot(db), "quota": {month["id"]: month for month in months}}


class Counter:
    """The console's process from outside: HTTP with a session's cookie, Socket.IO."""

    def __init__(self, drawn: Drawn, tokens: Sequence[str], folder: Path) -> None:
        settings = read_settings({"MADOGUCHI_DATA_DIR": str(folder)})
        self._seat = Seat()
        self.house = House(
            self._seat, settings, given.KEY, beside=lambda work: work(), clock=lambda: drawn.now
        )  # fmt: skip
        self.app: Flask = create_app(self.house)
        self._plain = self.app.wsgi_app
        self.clients = [self.app.test_client() for _ in tokens]
        for client, token in zip(self.clients, tokens, strict=True):
            client.set_cookie("madoguchi", token)
        self.socketio: SocketIO
        self.live: Live

    def sit_in(self, process: Process) -> None:
        """From now on it is in this process, and begins anew with it."""
        self._seat.process = process
        process.begin.append(self._begin)

    def _begin(self) -> None:
        """A new process has no sockets, and has counted nothing."""
        self.house.rates.buckets._of.clear()
        self.app.wsgi_app = self._plain  # type: ignore[method-assign] # the last one put itself around it
        self.socketio = SocketIO(self.app, async_mode="threading", manage_session=False)
        self.live = Live(self.socketio, self.house)

    def call(self, operator: int, path: str, body: dict[str, Any]) -> tuple[int, Any]:
        """POST as one of the operators: the status and the answer."""
        answer = self.clients[operator].post(
            f"/api/v1{path}", json=body, headers={"Origin": ORIGIN, "X-CSRF-Token": CSRF}
        )
        return answer.status_code, answer.get_json()

    def emit(self) -> bool:
        """One look at the journal; whether there was news."""
        return self.live._emit_news()

    def connect(self, operator: int) -> SocketIOTestClient:
        return SocketIOTestClient(self.app, self.socketio, flask_test_client=self.clients[operator])


@dataclass
class Browser:
    """What one page keeps: a snapshot, and every entry since, each once and in order."""

    operator: int
    read: Callable[[Callable[[Session], Any]], Any]
    rows: Snapshot = field(default_factory=dict)
    at: dict[str, int] = field(default_factory=dict)
    socket: SocketIOTestClient | None = None
    gaps: int = 0

    def load(self) -> None:
        """A page that was just opened."""
        self.rows, self.at = self.read(lambda db: (seen(db), journal.all_heads(db)))

    def drop(self) -> None:
        """The network is gone: what was on its way to here is lost."""
        if self.socket is not None and self.socket.is_connected():
            self.socket.disconnect()
        self.socket = None

    def lose(self) -> None:
        """The process at the other end is gone, and says nothing."""
        self.socket = None

    def resume(self, counter: Counter) -> None:
        """Come back and ask for what was missed."""
        if self.socket is None:
            self.socket = counter.connect(self.operator)
        if not self.at:
            self.load()
        is_behind = True
        while is_behind:
            asked = {"streams": dict(self.at)}
            answer = self.socket.emit("resume", asked, callback=True)["streams"]
            is_behind = any(stream["more"] for stream in answer.values())
            if any(stream["reset"] for stream in answer.values()):
                self.load()
                continue
            for account, stream in answer.items():
                for entry in stream["entries"]:
                    assert entry["id"] == self.at[account] + 1, "the answer has a hole"
                    self._take(entry)

    def hear(self) -> bool:
        """What came over the socket; whether something before it is missing."""
        heard = self.socket.get_received() if self.socket is not None else []
        for event in heard:
            if event["name"] != "entry":
                continue
            (entry,) = event["args"]
            at = self.at[entry["account"]]
            if entry["id"] > at + 1:
                self.gaps += 1
                return True
            if entry["id"] == at + 1:
                self._take(entry)
        return False

    def _take(self, entry: dict[str, Any]) -> None:
        self.at[entry["account"]] = entry["id"]
        self.rows = applied(self.rows, [SimpleNamespace(payload=entry["payload"])])  # type: ignore[list-item] # as an entry has it

    def is_true(self) -> bool:
        """Whether it shows what the database holds. Who a new customer is, a page asks when their
        talk is opened; from then on it is told."""
        there: Snapshot = self.read(seen)
        self.rows["customer"] = {**there["customer"], **self.rows["customer"]}
        return self.rows == there
