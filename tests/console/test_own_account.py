"""The own account and the second step of signing in, through the API's door."""

from datetime import timedelta
from typing import Any

from flask import Flask
from flask_socketio import SocketIO, SocketIOTestClient

from console.door import House
from console.live import Live
from tests.console.conftest import ORIGIN, PASSWORD, Clock, SignIn
from tests.console.people import (
    NEW_PASSWORD,
    a_browser,
    code_error,
    enrol,
    sign_in_as,
)
from tests.rfc6238 import code_at


def test_a_code_is_asked_after_the_password_and_serves_once(
    app: Flask, sign_in: SignIn, talk: str, clock: Clock
) -> None:
    secret, recovery = enrol(sign_in(), clock)
    email = "operator0@example.com"
    clock.pass_s(60)
    code = code_at(secret, clock.now)

    assert code_error(sign_in_as(app, email, "x", code)) == (401, "wrong_password")
    assert code_error(sign_in_as(app, email, PASSWORD)) == (401, "code_needed")
    assert sign_in_as(app, email, PASSWORD, code).status_code == 200
    assert code_error(sign_in_as(app, email, PASSWORD, code)) == (401, "code_needed")
    assert sign_in_as(app, email, PASSWORD, recovery[3]).status_code == 200
    assert code_error(sign_in_as(app, email, PASSWORD, recovery[3])) == (401, "code_needed")


def test_ten_thousand_codes_open_nothing(
    app: Flask, house: House, sign_in: SignIn, talk: str, clock: Clock
) -> None:
    secret, _ = enrol(sign_in(), clock)
    statuses, email = [], "operator0@example.com"
    for number in range(200):  # each from an address of its own, a minute apart
        clock.pass_s(60)
        right = {code_at(secret, clock.now + timedelta(seconds=30 * n)) for n in (-1, 0, 1)}
        wrong = next(c for c in (f"{number:06d}", "999999", "999998") if c not in right)
        answer = app.test_client().post(
            "/api/v1/session",
            json={"email": email, "password": PASSWORD, "code": wrong},
            headers={"Origin": ORIGIN},
            environ_base={"REMOTE_ADDR": f"203.0.113.{number}"},
        )
        statuses.append(answer.status_code)

    assert set(statuses) == {401, 429}
    assert statuses.count(401) < 15
    assert sign_in_as(app, email, PASSWORD, code_at(secret, clock.now)).status_code == 429
    clock.pass_s(3600)
    assert sign_in_as(app, email, PASSWORD, code_at(secret, clock.now)).status_code == 200


def test_who_must_enrol_reaches_nothing_else(
    app: Flask, house: House, sign_in: SignIn, talk: str, clock: Clock
) -> None:
    manager, person = sign_in("manager"), sign_in("operator")
    socketio = SocketIO(app, async_mode="threading", manage_session=False)
    live = Live(socketio, house)
    socket = SocketIOTestClient(app, socketio, flask_test_client=person.client)
    assert person.get("/conversations").status_code == 200

    rule = manager.call("PUT", "/staff/rules/operator", {"needs_codes": True})
    assert rule.get_json() == {"codes_needed_by": ["operator"]}

    assert code_error(person.get("/conversations")) == (403, "must_enrol")
    assert person.client.get("/media/x").status_code == 401
    assert person.get("/session").get_json()["must_enrol"] is True
    live._let_go_and_expire()
    assert not socket.is_connected()
    late = SocketIOTestClient(app, socketio, flask_test_client=person.client)
    assert not late.is_connected()
    assert manager.get("/conversations").status_code == 200
    enrol(person, clock)
    assert person.get("/conversations").status_code == 200
    assert code_error(person.call("DELETE", "/me/codes")) == (409, "needed_by_role")
    manager.call("PUT", "/staff/rules/operator", {"needs_codes": False})
    assert person.call("DELETE", "/me/codes").status_code == 200
    assert manager.call("PUT", "/staff/rules/king", {"needs_codes": True}).status_code == 404
    live.stop()


def test_a_new_password_ends_every_other_session_and_gives_this_one_a_new_token(
    app: Flask, sign_in: SignIn, talk: str
) -> None:
    here = sign_in()
    there = a_browser(app, "operator0@example.com")
    before = here.client.get_cookie("madoguchi")

    def change(old: str, new: str) -> Any:
        return here.call("PUT", "/me/password", {"old": old, "new": new})

    assert code_error(change("x", NEW_PASSWORD)) == (400, "wrong_own_password")
    assert change(PASSWORD, "short").get_json()["error"]["details"] == {"why": "short"}
    assert there.get("/session").status_code == 200
    changed = change(PASSWORD, NEW_PASSWORD)

    assert changed.status_code == 200
    here.session["csrf_token"] = changed.get_json()["csrf_token"]
    assert there.get("/session").status_code == 401
    assert here.get("/session").status_code == 200
    after = here.client.get_cookie("madoguchi")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    here.client.set_cookie("madoguchi", before.value)
    assert here.get("/session").status_code == 401
    assert sign_in_as(app, "operator0@example.com", PASSWORD).status_code == 401
    assert sign_in_as(app, "operator0@example.com", NEW_PASSWORD).status_code == 200


def test_own_sessions_are_listed_and_ended_and_nobody_elses(
    app: Flask, sign_in: SignIn, talk: str
) -> None:
    here, stranger = sign_in(), sign_in("supervisor")
    others = [a_browser(app, "operator0@example.com") for _ in range(3)]
    listed = here.get("/me/sessions").get_json()["items"]
    assert len(listed) == 4
    assert [one["is_this"] for one in listed].count(True) == 1
    assert all("madoguchi" not in str(one) for one in listed)

    victim = next(one for one in listed if not one["is_this"])
    assert stranger.call("DELETE", f"/me/sessions/{victim['id']}").status_code == 404
    assert here.call("DELETE", f"/me/sessions/{victim['id']}").status_code == 200
    assert [b.get("/session").status_code for b in others].count(401) == 1
    assert here.call("DELETE", "/me/sessions").status_code == 200
    assert [b.get("/session").status_code for b in others] == [401] * 3
    assert here.get("/session").status_code == 200
    assert stranger.get("/session").status_code == 200


def test_recovery_codes_are_renewed_and_an_app_is_turned_off(
    sign_in: SignIn, talk: str, clock: Clock
) -> None:
    browser = sign_in()
    assert browser.post("/me/codes/recovery").status_code == 404
    assert code_error(browser.call("PUT", "/me/codes", {"code": "123456"})) == (404, "not_found")
    _, recovery = enrol(browser, clock)
    assert browser.get("/me").get_json()["recovery_left"] == 10

    renewed = browser.post("/me/codes/recovery").get_json()["recovery_codes"]
    assert not set(renewed) & set(recovery)
    assert browser.call("DELETE", "/me/codes").status_code == 200
    assert browser.get("/me").get_json()["codes_on"] is False
