"""Who may what, at every address and for every event, with real rows on each database.

`matrix.txt` is what is expected. It is not made out of the application's own table: an address or
event that stands only in one of the two fails, and so does an answer that is another than it says.
Beyond the wall nothing of the other account is told, and nothing there changes.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_socketio import SocketIO, SocketIOTestClient

from console.door import House
from console.live import Live
from storage import journal, presence
from tests.security.asking import address_of, ask_for
from tests.security.conftest import ORIGIN
from tests.security.persons import Person, add_person
from tests.security.things import Things

ROLES = ("viewer", "operator", "supervisor", "manager")
FAR = {"REMOTE_ADDR": "203.0.113.9"}  # /metrics is for this machine
ALIEN, OWN = "よそのひみつ", "こちらのこと"
LINES = [
    line.split()
    for line in (Path(__file__).parent / "matrix.txt").read_text().splitlines()
    if line and not line.startswith("#")
]
TABLE = {f"{method} {path}": answers for method, path, *answers in LINES if method != "EVENT"}
EVENTS = {name: answers for method, name, *answers in LINES if method == "EVENT"}


def test_every_address_of_the_application_stands_in_the_table(app: Flask) -> None:
    served = {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert served == set(TABLE)
    assert len(LINES) == len(TABLE) + len(EVENTS), "no line stands twice"
    assert {len(answers) for answers in TABLE.values()} == {len(("nobody", *ROLES, "beyond"))}


@pytest.mark.parametrize("role", ["nobody", *ROLES])
def test_ones_own_rows_answer_as_the_table_says(app: Flask, house: House, role: str) -> None:
    column = ("nobody", *ROLES).index(role)
    wrong = []
    for line, answers in TABLE.items():
        person = add_person(house, "operator" if role == "nobody" else role, ())
        things = Things(house, "main", person.id, OWN)
        status, text = send(app, request_of(line, things, None if role == "nobody" else person))
        if status != int(answers[column]):
            wrong.append(f"{line}: {status}, not {answers[column]} {text[:200]}")

    assert not wrong, "\n" + "\n".join(wrong)


@pytest.mark.parametrize("role", ROLES)
def test_beyond_the_wall_nothing_is_told_and_nothing_changes(
    app: Flask, house: House, role: str
) -> None:
    stranger = add_person(house, "manager", ("other",))
    for thing in ("held", "saved_reply", "media", "scheduled", "shared_draft", "aside", "question"):
        getattr(Things(house, "other", stranger.id, ALIEN), thing)
    column, wrong = ("nobody", *ROLES).index(role), []
    for line, answers in TABLE.items():
        person = add_person(house, role, ("main",))
        things = Things(house, "other", stranger.id, ALIEN)
        expected = answers[column] if answers[column] == "403" else answers[-1]
        asked = request_of(line, things, person)
        before = heads(house)  # all that it names is there by now
        status, text = send(app, asked)
        if status != int(expected):
            wrong.append(f"{line}: {status}, not {expected} {text[:200]}")
        if ALIEN in text:
            wrong.append(f"{line}: tells of the other account: {text[:300]}")
        if heads(house) != before:
            wrong.append(f"{line}: changed something in the other account")

    assert not wrong, "\n" + "\n".join(wrong)


def request_of(line: str, things: Things, person: Person | None) -> dict[str, Any]:
    """One request, with all that it names."""
    asked, method = ask_for(line), line.partition(" ")[0]
    headers = {"Origin": ORIGIN, "Accept-Language": "ja"}
    if person is not None:
        headers["Cookie"] = f"__Host-madoguchi={person.token}"
        headers["X-CSRF-Token"] = person.csrf_token
    body: dict[str, Any] = {} if method == "GET" else {"json": asked.json(things)}
    if asked.form is not None:
        body = {"data": dict(asked.form(things))}
    path = address_of(line, things)
    return {"path": path, "method": method, "headers": headers, **body}


def send(app: Flask, asked: dict[str, Any]) -> tuple[int, str]:
    """The status of its answer, and the words as somebody reads them."""
    client = app.test_client(use_cookies=False)
    answer = client.open(base_url=ORIGIN, environ_base=FAR, **asked)
    text = answer.get_data(as_text=True)
    if answer.is_json and text:
        text = json.dumps(answer.get_json(), ensure_ascii=False)
    answer.close()
    return answer.status_code, text


def heads(house: House) -> dict[str, int]:
    """How far the other account's journal goes."""
    return house.store.read(lambda db: journal.heads(db, ["other"]))


@pytest.fixture
def live(app: Flask, house: House) -> Iterator[tuple[SocketIO, Live]]:
    socketio = SocketIO(app, async_mode="threading", manage_session=False)
    found = Live(socketio, house)
    yield socketio, found
    found.stop()


def test_every_event_of_a_socket_stands_in_the_table(live: tuple[SocketIO, Live]) -> None:
    assert set(live[0].server.handlers["/"]) == set(EVENTS)


@pytest.mark.parametrize("role", ["nobody", *ROLES])
def test_events_are_heard_as_the_table_says(
    app: Flask, house: House, live: tuple[SocketIO, Live], role: str
) -> None:
    column = ("nobody", *ROLES).index(role)
    person = add_person(house, "operator" if role == "nobody" else role, ("main",))
    own, other = (Things(house, a, person.id, OWN).talk for a in ("main", "other"))
    cookie = "" if role == "nobody" else f"__Host-madoguchi={person.token}"
    socket = SocketIOTestClient(app, live[0], headers={"Cookie": cookie})

    answers = {"connect": (socket.is_connected(), False), "disconnect": (True, False)}
    answers["resume"] = tuple(name in resumed(socket) for name in ("main", "other"))
    answers["presence"] = tuple(is_seen(house, socket, talk) for talk in (own, other))

    assert answers.keys() == EVENTS.keys()
    for event, (here, beyond) in answers.items():
        assert EVENTS[event][column] == ("yes" if here else "no"), event
        assert EVENTS[event][-1] == ("yes" if beyond else "no"), event


def resumed(socket: SocketIOTestClient) -> dict[str, Any]:
    if not socket.is_connected():
        return {}
    answer: dict[str, Any] = socket.emit(
        "resume", {"streams": {"main": 0, "other": 0}}, callback=True
    )
    return answer["streams"]


def is_seen(house: House, socket: SocketIOTestClient, talk: str) -> bool:
    """Whether colleagues see that somebody looks at the talk."""
    if socket.is_connected():
        socket.emit("presence", {"conversation_id": talk, "doing": "viewing"})
    found = house.store.read(lambda db: presence.list_present(db, house.clock()))
    return talk in {place.conversation_id for place in found}
