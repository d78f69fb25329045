"""Staff through the API's door: invited, changed, locked out, walled; on both databases."""

from typing import Any

import pytest
from flask import Flask

from console.door import House
from storage.unit import Store
from tests.console.conftest import ORIGIN, PASSWORD, Clock, SignIn
from tests.console.people import (
    NEW_PASSWORD,
    code_error,
    enrol,
    person_of,
    sign_in_as,
    told,
)
from tests.rfc6238 import code_at

PROOF_S = 601


def test_an_invitation_lets_one_person_in_with_what_was_chosen(
    app: Flask, sign_in: SignIn, talk: str, store: Store
) -> None:
    manager, client = sign_in("manager"), app.test_client()
    made = manager.post("/staff", email="New@example.com", role="operator", accounts=["main"])
    assert made.status_code == 201
    address = made.get_json()["link"]["address"]
    token = address.partition("/join#")[2]
    waiting = person_of(manager, "new@example.com")
    assert (waiting["name"], waiting["is_joined"], waiting["accounts"]) == (None, False, ["main"])
    assert "new@example.com" not in str(manager.get("/operators").get_json())
    assert code_error(sign_in_as(app, "new@example.com", "")) == (401, "wrong_password")

    def post(path: str, **body: Any) -> Any:
        return client.post(f"/api/v1{path}", json=body, headers={"Origin": ORIGIN})

    assert post("/join/look", token=token).get_json() == {
        "kind": "invitation", "email": "new@example.com", "name": None,
    }  # fmt: skip
    weak = post("/join", token=token, name="見本 新人", password="password1234")
    assert weak.get_json()["error"]["details"] == {"why": "common"}
    assert code_error(post("/join", token=token, password=NEW_PASSWORD)) == (400, "bad_request")
    foreign = client.post("/api/v1/join", json={}, headers={"Origin": "https://evil.example"})
    assert code_error(foreign) == (403, "csrf")

    joined = post("/join", token=token, name="見本 新人", password=NEW_PASSWORD)
    assert joined.get_json() == {"email": "new@example.com"}
    for path, body in (("/join/look", {}), ("/join", {"name": "x", "password": NEW_PASSWORD})):
        assert code_error(post(path, token=token, **body)) == (410, "link_gone")
    opened = sign_in_as(app, "new@example.com", NEW_PASSWORD).get_json()["operator"]
    assert (opened["name"], opened["role"], opened["accounts"]) == (
        "見本 新人",
        "operator",
        ["main"],
    )
    assert told(store)[:4] == ["signed_in", "joined", "sign_in_failed", "invited"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"email": "no-address"}, 400, "bad_request"),
        ({"role": "king"}, 400, "bad_request"),
        ({"accounts": ["nowhere"]}, 404, "not_found"),
        ({"queues": ["どこにもない"]}, 400, "bad_request"),
        ({"email": "MANAGER0@example.com"}, 409, "email_taken"),
        ({"password": "x"}, 400, "bad_request"),
    ],
)
def test_an_invitation_that_cannot_be_is_refused_whole(
    sign_in: SignIn, talk: str, body: dict[str, Any], status: int, code: str
) -> None:
    manager = sign_in("manager")
    whole = {"email": "a@example.com", "role": "viewer", **body}

    assert code_error(manager.post("/staff", **whole)) == (status, code)
    assert len(manager.get("/staff").get_json()["items"]) == 1


def test_roles_places_and_standing_change_and_are_told(
    app: Flask, sign_in: SignIn, talk: str, store: Store
) -> None:
    manager, person = sign_in("manager"), sign_in("operator")
    row = person_of(manager, "operator0@example.com")
    path = f"/staff/{row['id']}"

    changed = manager.call(
        "PATCH", path, {"role": "viewer", "accounts": ["main"], "version": row["version"]}
    )
    assert changed.status_code == 200
    row = changed.get_json()
    assert (row["role"], row["accounts"]) == ("viewer", ["main"])
    assert person.get("/session").status_code == 401  # a lesser role: they sign in anew

    stale = manager.call("PATCH", path, {"role": "manager", "version": row["version"] - 1})
    assert code_error(stale) == (409, "stale")
    assert stale.get_json()["error"]["details"]["person"] == row
    disabled = manager.call("PATCH", path, {"disabled": True, "version": row["version"]})
    assert disabled.get_json()["is_disabled"] is True
    assert code_error(sign_in_as(app, row["email"], PASSWORD)) == (401, "wrong_password")
    back = {"disabled": False, "version": disabled.get_json()["version"]}
    assert manager.call("PATCH", path, back).status_code == 200
    assert sign_in_as(app, row["email"], PASSWORD).status_code == 200
    assert told(store)[1:5] == ["enabled", "sign_in_failed", "disabled", "accounts_changed"]


def test_nobody_changes_their_own_standing_or_locks_the_last_manager_out(
    sign_in: SignIn, house: House, talk: str
) -> None:
    manager = sign_in("manager")
    row = person_of(manager, "manager0@example.com")
    path, version = f"/staff/{row['id']}", row["version"]
    for body in ({"role": "viewer"}, {"disabled": True}, {"accounts": ["main"]}):
        refused = manager.call("PATCH", path, {**body, "version": version})
        assert code_error(refused) == (409, "own_standing")
    assert code_error(manager.call("DELETE", f"{path}/codes")) == (409, "own_standing")
    assert manager.call("PATCH", path, {"queues": [], "version": version}).status_code == 200


def test_a_grave_change_asks_for_the_password_again_after_a_while(
    sign_in: SignIn, talk: str, clock: Clock
) -> None:
    manager, invitation = sign_in("manager"), {"email": "a@example.com", "role": "viewer"}
    clock.pass_s(PROOF_S)

    for method, path, body in (
        ("POST", "/staff", invitation),
        ("PATCH", f"/staff/{manager.id}", {"version": 1}),
        ("POST", f"/staff/{manager.id}/link", {}),
        ("PUT", "/staff/rules/viewer", {"needs_codes": True}),
        ("POST", "/me/codes", {}),
        ("DELETE", "/me/codes", None),
    ):
        assert code_error(manager.call(method, path, body)) == (403, "prove_again"), path
    wrong = manager.post("/session/proof", password="x")
    assert code_error(wrong) == (400, "wrong_own_password")
    assert code_error(manager.post("/staff", **invitation)) == (403, "prove_again")
    assert manager.post("/session/proof", password=PASSWORD).status_code == 200
    assert manager.post("/staff", **invitation).status_code == 201
    for _ in range(4):
        manager.post("/session/proof", password="x")
    assert code_error(manager.post("/session/proof", password=PASSWORD)) == (
        429, "too_many_sign_ins",
    )  # fmt: skip


def test_accounts_are_a_wall_for_managers_too(
    app: Flask, house: House, sign_in: SignIn, talk: str
) -> None:
    everywhere, walled = sign_in("manager"), sign_in("manager", accounts=("main",))
    inside = sign_in("operator", accounts=("main",))
    assert {one["id"] for one in walled.get("/staff").get_json()["items"]} == {walled.id, inside.id}

    for body in ({}, {"accounts": []}, {"accounts": ["other"]}, {"accounts": ["main", "other"]}):
        refused = walled.post("/staff", email="a@example.com", role="viewer", **body)
        assert code_error(refused) == (403, "forbidden"), body
    invited = walled.post("/staff", email="a@example.com", role="viewer", accounts=["main"])
    assert invited.status_code == 201
    for method, path, body in (
        ("PATCH", f"/staff/{everywhere.id}", {"disabled": True, "version": 1}),
        ("POST", f"/staff/{everywhere.id}/link", {}),
        ("DELETE", f"/staff/{everywhere.id}/codes", None),
        ("DELETE", f"/staff/{everywhere.id}/sessions", None),
        ("DELETE", f"/staff/{everywhere.id}", None),
    ):
        assert walled.call(method, path, body).status_code == 404
    wider = walled.call("PATCH", f"/staff/{inside.id}", {"accounts": [], "version": 1})
    assert code_error(wider) == (403, "forbidden")
    assert walled.get("/audit").status_code == 403
    rule = walled.call("PUT", "/staff/rules/viewer", {"needs_codes": True})
    assert code_error(rule) == (403, "forbidden")


def test_a_new_password_by_link_does_not_go_around_the_second_factor(
    app: Flask, sign_in: SignIn, talk: str, clock: Clock
) -> None:
    manager, person = sign_in("manager"), sign_in("operator")
    secret, _ = enrol(person, clock)
    made = manager.post(f"/staff/{person.id}/link").get_json()["link"]
    assert made["kind"] == "password"
    token = made["address"].partition("#")[2]
    body = {"token": token, "password": NEW_PASSWORD}
    joined = app.test_client().post("/api/v1/join", json=body, headers={"Origin": ORIGIN})
    assert joined.status_code == 200
    assert person.get("/session").status_code == 401

    email = "operator0@example.com"
    assert code_error(sign_in_as(app, email, NEW_PASSWORD)) == (401, "code_needed")
    clock.pass_s(60)
    assert sign_in_as(app, email, NEW_PASSWORD, code_at(secret, clock.now)).status_code == 200
    reset = manager.call("DELETE", f"/staff/{person.id}/codes")
    assert reset.get_json()["codes_on"] is False
    assert sign_in_as(app, email, NEW_PASSWORD).status_code == 200
