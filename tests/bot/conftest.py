"""The bot with LINE's simulator on loopback ports: its webhook server and its worker on threads."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, select
from werkzeug.serving import make_server

from bot.accounts import Accounts
from bot.encoder import Encoder
from bot.encoding import Encoding
from bot.flow_source import FlowSource
from bot.forms import form_pages
from bot.line_client import LineClient
from bot.means import Means
from bot.media_folder import MediaFolder
from bot.question_vectors import QuestionVectors
from bot.simulator.app import create_app
from bot.simulator.state import Simulator
from bot.webhook import webhook
from bot.worker import Worker
from flows.language.book import HOUSE, build
from flows.language.loader import Folder, load_files, load_folder
from storage.arrivals import add_inside
from storage.customers import find_or_create_friend
from storage.flow_versions import NewVersion, publish
from storage.models.people import Account, Friend
from storage.models.talks import Conversation
from storage.talks import open_conversation
from storage.unit import Store
from tests import given
from tests.bot.embeddings import Embeddings, serving
from tests.bot.openapi import FOLDER
from tests.bot.pages import Counter
from tests.bot.waiting import eventually

__all__ = ["Line", "eventually"]  # what the tests of this folder ask for

ENCODER_TIMEOUT_S = 0.5
FLOWS = Path(__file__).parent.parent.parent / "flows"


@dataclass
class Line:
    """LINE and its people, from outside."""

    simulator: Simulator
    app: Flask
    url: str
    webhook_url: str = ""
    bot_url: str = ""
    store: Store | None = None
    flows: FlowSource | None = None
    later_by: timedelta = timedelta()
    encoding: Encoding | None = None

    def now(self) -> datetime:
        """The time of LINE and of the bot, which a test may move on."""
        return datetime.now(UTC) + self.later_by

    def passes(self, length: timedelta) -> None:
        """Time passes, for LINE as for the bot."""
        self.later_by += length
        self.post("clock", advance_s=length.total_seconds())

    def opens(self) -> None:
        """The clock goes on to when the shop is open, if it is closed or closes soon."""
        assert self.flows is not None
        calendar, now = self.flows.book().house.calendar(None), self.now()
        soon = now + timedelta(hours=1)
        opening = calendar.next_open(soon)
        if not (calendar.is_open(now) and calendar.is_open(soon)) and opening is not None:
            self.passes(opening - now + timedelta(minutes=1))

    def inside(self, user: str, kind: str, **data: Any) -> None:
        """Something happens inside: what a door of ours would write down."""
        store = self.store
        assert store is not None

        def work(db: Session) -> None:
            friend = db.exec(select(Friend).where(Friend.line_user_id == user)).one()
            talk = db.exec(select(Conversation).where(Conversation.friend_id == friend.id)).one()
            add_inside(db, talk, kind, data, self.now())

        store.write(work)

    def publish(self, **flows: str) -> None:
        """Put these flows beside the salon's; the bot has them when this is done."""
        folder = load_folder(FLOWS)
        files = {name: source.encode() for name, source in folder.sources.items()}
        self.publish_files(files | {f"{name}.yaml": text.encode() for name, text in flows.items()})

    def publish_files(self, files: dict[str, bytes]) -> None:
        """Publish a whole folder; the bot has it when this is done."""
        store, source = self.store, self.flows
        assert store is not None
        assert source is not None
        faqs = load_files(files).faqs.keys()
        versions = _versions(load_files(files))
        store.write(lambda db: publish(db, versions, None, self.now()))
        heads = {v.flow_id: v.hash for v in versions if v.flow_id != HOUSE}
        eventually(
            lambda: source.book().heads == heads and source.book().house.faqs.keys() == faqs,
            "the bot reads the flows again",
        )

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

    def said_to_line(self) -> list[dict[str, Any]]:
        """Every call to LINE but those that read the month's quota, which come by the clock."""
        return [call for call in self.simulator.log if "/message/quota" not in call["path"]]


def _versions(folder: Folder) -> list[NewVersion]:
    published = build(folder)
    bundles = (*published.flows, published.house)
    versions = [NewVersion(b.flow_id, b.hash, b.title, b.tree) for b in bundles]
    assert any(version.flow_id == HOUSE for version in versions)
    return versions


def serve(app: Flask) -> tuple[Any, str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    loop = {"poll_interval": 0.02}  # how soon it sees that it is to end
    threading.Thread(target=server.serve_forever, kwargs=loop, daemon=True).start()
    return server, f"http://127.0.0.1:{server.port}"


@pytest.fixture
def embeddings() -> Iterator[Embeddings]:
    with serving() as embeddings:
        yield embeddings


@pytest.fixture
def encoder() -> Encoder | None:
    """The bot has none, unless the file of a test brings one."""
    return None


@pytest.fixture
def sends_at_once() -> int:
    """How many calls to LINE there may be; who starts one more waits for room."""
    return 8


@pytest.fixture
def counter(
    request: pytest.FixtureRequest,
    store: Store,
    tmp_path: Path,
    encoder: Encoder | None,
    sends_at_once: int,
) -> Iterator[Line]:
    """The running bot with the salon's flows, and LINE in front of it, with its own files.

    The account's mode is `economy`, or what the test gives by `indirect`.
    """
    now = datetime.now(UTC)
    simulator = Simulator()
    line_app = create_app(simulator, openapi=FOLDER if FOLDER.is_dir() else None)
    line_server, line_url = serve(line_app)
    mode = getattr(request, "param", "economy")
    store.write(lambda db: given.an_account(db, now, mode=mode))
    versions = _versions(load_folder(FLOWS))
    store.write(lambda db: publish(db, versions, None, now))
    accounts = Accounts(store, given.KEY)
    line = Line(simulator, line_app, line_url, store=store, flows=FlowSource(store))
    app = Flask("bot")
    flows = line.flows or FlowSource(store)
    app.register_blueprint(webhook(store, accounts, line.now))
    app.register_blueprint(form_pages(store, flows, given.KEY, line.now))
    server, url = serve(app)
    pool, room = ThreadPoolExecutor(8), threading.Semaphore(sends_at_once)

    def spawn(work: Callable[[], None]) -> None:
        room.acquire()
        pool.submit(work).add_done_callback(lambda _: room.release())

    def free() -> int:
        with room:
            return room._value + 1

    means = Means(
        store=store,
        accounts=accounts,
        flows=flows,
        client=LineClient(line_url, line_url),
        media=MediaFolder(tmp_path / "media"),
        spawn=spawn,
        room=free,
        has_room=lambda: room._value > 0,
        beside=_on_a_thread,
        clock=line.now,
        encoding=_encoding(encoder, store, line) if encoder is not None else None,
    )
    line.encoding = means.encoding
    worker = Worker(means)
    threads = [threading.Thread(target=loop) for loop in worker.loops()]
    line.bot_url, line.webhook_url = url, f"{url}/line/main/webhook"
    line.post(
        "accounts",
        id="main",
        secret=given.SECRET,
        token=given.TOKEN,
        webhook_url=line.webhook_url,
    )
    for thread in threads:  # LINE knows the account before anybody asks it
        thread.start()
    yield line
    worker.stop()
    for thread in threads:
        thread.join()
    pool.shutdown()
    server.shutdown()
    line_server.shutdown()


def _encoding(encoder: Encoder, store: Store, line: Line) -> Encoding:
    questions = QuestionVectors(encoder, ENCODER_TIMEOUT_S, _on_a_thread, threading.Event, line.now)
    return Encoding(encoder, store, questions, line.now)


def _on_a_thread(work: Callable[[], None]) -> None:
    threading.Thread(target=work, daemon=True).start()


@pytest.fixture
def at_counter(counter: Line, store: Store) -> Counter:
    """A friend of ours with whom nothing was said yet."""
    user, now = counter.friend(), datetime.now(UTC)

    def work(db: Session) -> None:
        account = db.get_one(Account, "main")
        open_conversation(db, find_or_create_friend(db, account, user, now), now)

    store.write(work)
    return Counter(counter, store, user)
