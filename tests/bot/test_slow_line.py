"""A LINE that answers slowly, or not at all: it keeps nobody else waiting."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import select

from bot.encoder import Encoder
from bot.line_client import LineClient, LineUnreachable
from storage import arrivals
from storage.models.people import Friend
from storage.models.talks import Media, Message
from storage.outcomes import NoAnswer
from storage.unit import Store
from tests.bot.conftest import Line, eventually
from tests.bot.embeddings import Embeddings, an_encoder
from tests.bot.test_encoding import wait_until_ready
from tests.bot.test_sending_beside import reads, wants

UNKNOWN = "チルドレンのプライス"


class Held:
    """Calls that wait for an answer until the end of the test."""

    def __init__(self) -> None:
        self.count = 0
        self.answered = threading.Event()

    def wait(self) -> None:
        self.count += 1
        assert self.answered.wait(60)

    def unreachable(self, *_: Any) -> None:
        self.wait()
        raise LineUnreachable("no answer")

    def no_answer(self, *_: Any) -> NoAnswer:
        self.wait()
        return NoAnswer("ReadTimeoutError")


@pytest.fixture
def held() -> Held:
    return Held()


@pytest.fixture(autouse=True)
def ending(counter: Line, held: Held) -> Iterator[None]:  # it ends before the worker
    yield
    held.answered.set()


@pytest.fixture
def sends_at_once() -> int:
    return 1


@pytest.fixture
def encoder(embeddings: Embeddings) -> Encoder:
    return an_encoder(embeddings)


def bots_words(store: Store) -> list[str | None]:
    lines = select(Message.text).where(Message.sender == "bot")
    return store.read(lambda db: list(db.exec(lines)))


def test_what_is_on_its_way_to_line_delays_no_turn(
    counter: Line, store: Store, held: Held, embeddings: Embeddings, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_until_ready(counter)
    embeddings.delay_s = 0.45  # long enough for the three dots, which LINE does not answer either
    monkeypatch.setattr(LineClient, "send", held.no_answer)
    monkeypatch.setattr(LineClient, "show_loading", held.unreachable)
    for _ in range(2):  # one is on its way, the other waits for room
        counter.does(counter.friend(), "say", text="予約")
    eventually(lambda: held.count == 1, "the one room is taken")
    eventually(lambda: store.read(arrivals.depth)[0] == 0, "both have had their turn")
    known = len(bots_words(store))

    for _ in range(2):
        counter.does(counter.friend(), "say", text=UNKNOWN)

    eventually(lambda: held.count == 3, "the dots of both are asked for, beside the sends")
    eventually(lambda: store.read(arrivals.depth)[0] == 0, "both have had their turn")
    assert len(bots_words(store)) >= known + 2


@pytest.mark.parametrize("slow", ["mark_read", "profile"])
def test_what_is_fetched_waits_for_nothing_else_that_is_fetched(
    counter: Line, store: Store, held: Held, monkeypatch: pytest.MonkeyPatch, slow: str
) -> None:
    wants(store, marks_read=True)
    counter.opens()
    monkeypatch.setattr(LineClient, slow, held.unreachable)
    first = counter.friend()
    counter.does(first, "say", text="予約")
    counter.does(first, "send", message={"type": "image"})
    eventually(lambda: held.count == 1, "LINE is asked and does not answer")

    friend = counter.friend("見本 次郎")
    counter.does(friend, "say", text="予約")
    counter.does(friend, "send", message={"type": "image"})

    if slow != "profile":
        eventually(lambda: "見本 次郎" in names(store), "their profile")
    eventually(lambda: pictures(store) == ["ready", "ready"], "their picture")
    if slow != "mark_read":
        eventually(lambda: reads(counter, friend)[0], "what they wrote is read")
    assert held.count == 1


def names(store: Store) -> list[str | None]:
    return store.read(lambda db: list(db.exec(select(Friend.display_name))))


def pictures(store: Store) -> list[str]:
    return store.read(lambda db: list(db.exec(select(Media.state))))
