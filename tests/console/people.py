"""What tests of people at the console share: sign-ins, an app of codes, the history's kinds."""

from typing import Any

from flask import Flask

from storage import audit
from storage.audit import Wanted
from storage.unit import Store
from tests.console.conftest import ORIGIN, Browser, Clock
from tests.rfc6238 import code_at

NEW_PASSWORD = "みかんの木が3本あるお庭です"


def sign_in_as(app: Flask, email: str, password: str, code: str | None = None) -> Any:
    body = {"email": email, "password": password, **({} if code is None else {"code": code})}
    return app.test_client().post("/api/v1/session", json=body, headers={"Origin": ORIGIN})


def a_browser(app: Flask, email: str, code: str | None = None) -> Browser:
    return Browser(app.test_client(), email, code)


def code_error(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["error"]["code"]


def told(store: Store) -> list[str]:
    rows, _ = store.read(lambda db: audit.list_rows(db, Wanted()))
    return [row.kind for row in rows]


def person_of(manager: Browser, email: str) -> dict[str, Any]:
    items = manager.get("/staff").get_json()["items"]
    return next(one for one in items if one["email"] == email)


def enrol(browser: Browser, clock: Clock) -> tuple[str, list[str]]:
    """Somebody's seed, and their codes for emergencies."""
    begun = browser.post("/me/codes").get_json()
    assert begun["qr"].startswith("data:image/svg+xml")
    code = code_at(begun["secret"], clock.now)
    confirmed = browser.call("PUT", "/me/codes", {"code": code})
    assert confirmed.status_code == 200, confirmed.get_json()
    return begun["secret"], confirmed.get_json()["recovery_codes"]
