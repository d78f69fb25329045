"""The history through the API's door; and that nothing tells who exists."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from flask import Flask
from sqlmodel import Session

from console.api.audit_log import KINDS
from console.app import create_app
from console.door import House, on_a_thread
from storage import audit
from storage.operators import NewOperator, add_operator
from storage.unit import Store
from tests.console.conftest import HASH, PASSWORD, Clock, SignIn
from tests.console.people import (
    code_error,
    enrol,
    sign_in_as,
)
from tests.console.test_doors import WEB


def test_denials_sign_ins_and_changes_are_in_the_history_and_no_secret_is(
    app: Flask, sign_in: SignIn, talk: str, clock: Clock, store: Store
) -> None:
    manager, person = sign_in("manager"), sign_in("operator")
    assert person.get("/staff").status_code == 403
    sign_in_as(app, "operator0@example.com", "my-other-secret")
    sign_in_as(app, "my-typed-password@example.com", "x")
    secret, recovery = enrol(person, clock)
    link = manager.post(f"/staff/{person.id}/link").get_json()["link"]["address"]

    deeds = manager.get("/audit").get_json()["items"]

    kinds = [deed["kind"] for deed in deeds]
    assert kinds == [
        "password_link_made", "codes_on", "sign_in_failed", "sign_in_failed", "denied",
        "signed_in", "signed_in",
    ]  # fmt: skip
    denied = deeds[4]
    assert denied["actor"]["id"] == person.id
    assert denied["params"] == {"method": "GET", "path": "/staff"}
    assert [deed["target"] for deed in deeds[2:4]] == [
        None, {"id": person.id, "name": "見本 operator"},
    ]  # fmt: skip
    everything = str(deeds)
    for canary in (PASSWORD, "my-other-secret", "my-typed-password", secret, *recovery, link[-20:]):
        assert canary not in everything
    assert store.read(audit.verify).broken_at is None


def test_the_history_is_filtered_by_person_kind_and_day(
    sign_in: SignIn, talk: str, clock: Clock
) -> None:
    manager = sign_in("manager")
    clock.pass_s(3600)
    person = sign_in("operator")
    person.get("/staff")

    def found(query: str) -> list[str]:
        return [deed["kind"] for deed in manager.get(f"/audit?{query}").get_json()["items"]]

    assert found(f"who={person.id}") == ["denied", "signed_in"]
    assert found("what=people") == []
    assert found("what=sign_ins") == ["denied", "signed_in", "signed_in"]
    assert found("since=2026-11-24T03:00:00Z") == ["denied", "signed_in"]
    assert found("to=2026-11-24T03:00:00Z") == ["signed_in"]
    for wrong in ("what=nonsense", "since=yesterday", "to=2026-11-24T03:00:00"):
        assert manager.get(f"/audit?{wrong}").status_code == 400
    assert manager.get("/audit?cursor=nonsense").status_code == 404


def test_every_kind_that_is_written_has_a_group_and_a_sentence() -> None:
    words = (WEB / "src" / "people" / "words_ja.ts").read_text()
    for kind in (kind for kinds in KINDS.values() for kind in kinds):
        assert f"'deed.{kind}'" in words or f"'deed.{kind}.true'" in words, kind


def test_of_many_tries_at_the_same_time_only_the_free_ones_are_looked_at(
    house: House, sign_in: SignIn, talk: str
) -> None:
    sign_in("operator")
    app = create_app(replace(house, beside=on_a_thread))

    def attempt(_number: int) -> int:
        return int(sign_in_as(app, "operator0@example.com", "x" * 12).status_code)

    with ThreadPoolExecutor(40) as pool:
        statuses = list(pool.map(attempt, range(40)))

    assert statuses.count(401) <= 5 + 4  # two were being looked at, two had just been
    assert statuses.count(401) + statuses.count(429) == 40


def test_the_answer_for_nobody_is_that_for_a_wrong_password(
    app: Flask, house: House, sign_in: SignIn, talk: str, store: Store
) -> None:
    sign_in("operator")

    def invited(db: Session) -> None:
        add_operator(db, NewOperator("waiting@example.com", "w", "viewer", ""), house.clock())
        gone = NewOperator("gone@example.com", "g", "viewer", HASH)
        add_operator(db, gone, house.clock()).is_disabled = True

    store.write(invited)
    emails = ("nobody", "operator0", "waiting", "gone")
    answers = [sign_in_as(app, f"{name}@example.com", "x" * 12) for name in emails]

    assert {(a.status_code, a.get_data()) for a in answers} == {
        (401, answers[0].get_data()),
    }  # fmt: skip
    assert code_error(sign_in_as(app, "waiting@example.com", "")) == (401, "wrong_password")
