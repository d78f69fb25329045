"""The console's own door: an application on a store, and signed-in browsers."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Map, Rule

from console.api.routes import OPEN_ROUTES, ROUTES
from console.api.schemas import SCHEMAS
from console.app import create_app
from console.door import House
from console.passwords import hash_password
from console.settings import read_settings
from storage import desk
from storage.desk import HandoffRequest
from storage.operators import NewOperator, add_operator
from storage.unit import Store
from tests import given

PASSWORD = "見本のパスワード1234"
HASH = hash_password(PASSWORD)
ORIGIN = "http://localhost"
FLOWS = Path(__file__).parent.parent.parent / "flows"


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_s(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


def check_answer(method: str, path: str, answer: Any) -> None:
    """Every answer is as the document says, refusals too."""
    if method == "DELETE" and path == "/api/v1/session":
        return
    adapter = app_routes().bind("localhost")
    place = path.partition("?")[0]
    schema = "error"
    if answer.status_code < 400:
        schema, _ = adapter.match(place, method=method)
    reference = {"$ref": f"#/components/schemas/{schema}"}
    checker = {**reference, "components": {"schemas": SCHEMAS}}
    jsonschema.validate(answer.get_json(), checker)


@cache
def app_routes() -> Map:
    """Which schema answers where."""
    routes = (*ROUTES, *OPEN_ROUTES)
    rules = [Rule(f"/api/v1{r.path}", methods=[r.method], endpoint=r.schema) for r in routes]
    return Map([*rules, Rule("/api/v1/openapi.json", methods=["GET"], endpoint="document")])


class Browser:
    """A signed-in person."""

    def __init__(self, client: FlaskClient, email: str, code: str | None = None) -> None:
        self.client = client
        given_code = {} if code is None else {"code": code}
        answer = client.post(
            "/api/v1/session",
            json={"email": email, "password": PASSWORD, **given_code},
            headers={"Origin": ORIGIN},
        )
        assert answer.status_code == 200, answer.get_json()
        self.session: dict[str, Any] = answer.get_json()
        self.id: str = self.session["operator"]["id"]

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = {"Origin": ORIGIN, "X-CSRF-Token": self.session["csrf_token"], **headers}
        answer = self.client.open(f"/api/v1{path}", method=method, json=body, headers=sent)
        check_answer(method, f"/api/v1{path}", answer)
        return answer

    def get(self, path: str) -> Any:
        return self.call("GET", path)

    def post(self, path: str, **body: Any) -> Any:
        return self.call("POST", path, body)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder() -> Path:
    """The managers' files: those that are shipped, where a file of tests has none of its own."""
    return FLOWS


@pytest.fixture
def house(store: Store, tmp_path: Path, clock: Clock, folder: Path) -> House:
    places = {"MADOGUCHI_DATA_DIR": str(tmp_path), "MADOGUCHI_FLOWS_DIR": str(folder)}
    settings = read_settings(places)
    return House(store, settings, given.KEY, beside=lambda work: work(), clock=clock)


@pytest.fixture
def app(house: House) -> Flask:
    return create_app(house)


SignIn = Callable[..., Browser]


@pytest.fixture
def sign_in(app: Flask, house: House) -> SignIn:
    """Add a person and sign them in."""

    def work(role: str = "operator", accounts: tuple[str, ...] = ()) -> Browser:
        email = f"{role}{len(accounts)}@example.com"
        new = NewOperator(email, f"見本 {role}", role, HASH, accounts)
        house.store.write(lambda db: add_operator(db, new, house.clock()))
        return Browser(app.test_client(), email)

    return work


@pytest.fixture
def manager(sign_in: SignIn) -> Browser:
    return sign_in("manager")


@pytest.fixture
def talk(house: House) -> str:
    """A talk whose customer asked for a person, on the account `main`; `other` is empty."""
    now = house.clock()

    def work(db) -> str:
        account = given.an_account(db, now)
        given.an_account(db, now, "other", provider="別の見本")
        conversation, _ = given.a_message(db, account, "<b>人と話したい</b>", now)
        desk.hand_off(db, conversation, HandoffRequest("受付", {"kind": "step"}), now)
        return conversation.id

    return house.store.write(work)
