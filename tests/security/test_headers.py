"""What every answer carries, to everybody and at every address: walked, not sampled."""

from typing import Any

import pytest
from flask import Flask

from console.door import House
from console.media import NOBODY_MAY_RUN
from storage import audit, journal
from tests.security.conftest import ORIGIN
from tests.security.persons import add_person
from tests.security.test_matrix import TABLE, request_of
from tests.security.things import Things

YEAR_S = 31_536_000
READS = [line for line in TABLE if line.startswith("GET ")]
HIDDEN = (
    "/.git/config", "/.env", "/console", "/debug", "/docs", "/assets/../app.py",
    "/assets/%2e%2e/%2e%2e/%2e%2e/settings.py", "/media/..%2fsecret.key", "/media/%00",
    "/flows/../../etc/passwd%00",
)  # fmt: skip


@pytest.fixture(params=["nobody", "manager"])
def answers(request: pytest.FixtureRequest, app: Flask, house: House) -> dict[str, Any]:
    """What each address answers to a look, by its line."""
    person = add_person(house, "manager", ())
    who = None if request.param == "nobody" else person
    client, found = app.test_client(use_cookies=False), {}
    for line in READS:
        asked = request_of(line, Things(house, "main", person.id, "見本"), who)
        found[line] = client.open(base_url=ORIGIN, **asked)
    return found


def test_every_answer_forbids_what_no_page_of_ours_needs(answers: dict[str, Any]) -> None:
    for line, answer in answers.items():
        told = answer.headers
        policy = told["Content-Security-Policy"]
        assert told["X-Content-Type-Options"] == "nosniff", line
        assert told["Referrer-Policy"] in {"same-origin", "no-referrer"}, line
        assert f"max-age={YEAR_S}" in told["Strict-Transport-Security"], line
        assert "unsafe" not in policy, line
        assert "default-src" in policy, line
        assert policy == NOBODY_MAY_RUN or "frame-ancestors 'none'" in policy, line
        assert policy == NOBODY_MAY_RUN or "base-uri 'none'" in policy, line
        assert "Access-Control-Allow-Origin" not in told, line
        assert "Server" not in told, line
        answer.close()


def test_the_webhooks_own_door_says_what_every_answer_says(app: Flask) -> None:
    client, path = app.test_client(), "/line/main/webhook"
    refused = client.post(path, base_url=ORIGIN, data=b"{}")
    of_flask = client.get(path, base_url=ORIGIN)

    assert (refused.status_code, of_flask.status_code) == (401, 405)
    differs = {"Content-Length", "Content-Type", "Allow"}
    told = [{n: v for n, v in one.headers if n not in differs} for one in (refused, of_flask)]
    assert told[0] == told[1]
    assert told[0]["X-Content-Type-Options"] == "nosniff"
    assert refused.content_type == "application/json"


def test_nothing_of_the_api_is_kept_by_anybody_on_the_way(answers: dict[str, Any]) -> None:
    for line, answer in answers.items():
        if "/api/" in line or "/f/<token>" in line:
            assert answer.headers["Cache-Control"] == "no-store", line
        answer.close()


def test_files_can_only_be_looked_at_or_saved(
    answers: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    answer = answers["GET /media/<media_id>"]
    if request.node.callspec.params["answers"] == "nobody":
        assert answer.status_code == 401
    else:
        assert answer.status_code == 200
        assert answer.headers["Content-Security-Policy"] == NOBODY_MAY_RUN
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Content-Type"] == "application/octet-stream"
    for one in answers.values():
        one.close()


def test_looking_changes_nothing(app: Flask, house: House) -> None:
    person = add_person(house, "manager", ())
    client = app.test_client(use_cookies=False)
    for line in READS:
        things = Things(house, "main", person.id, "見本")
        asked = request_of(line, things, person)

        def standing() -> tuple[Any, ...]:
            return house.store.read(lambda db: (journal.heads(db, ["main"]), audit.find_head(db)))

        before = standing()
        client.open(base_url=ORIGIN, **asked).close()
        assert standing() == before, line


@pytest.mark.parametrize("path", HIDDEN)
def test_what_lies_beside_the_pages_is_not_there(app: Flask, path: str) -> None:
    assert not app.debug
    with app.test_client().get(path, base_url=ORIGIN) as answer:
        assert answer.status_code in {200, 401, 404}
        assert "flows" in path or answer.status_code != 200
        assert b"root:" not in answer.data
        assert b"import" not in answer.data


def test_a_mistake_of_ours_shows_no_trace(app: Flask, house: House, monkeypatch: Any) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("ひみつの場所 /data/secret.key")

    monkeypatch.setattr(type(house.store), "read", broken)

    answer = app.test_client().get("/readyz", base_url=ORIGIN)
    page = app.test_client(use_cookies=False).get(
        "/api/v1/me", base_url=ORIGIN, headers={"Cookie": "__Host-madoguchi=x"}
    )

    assert (answer.status_code, page.status_code) == (503, 500)
    assert "ひみつ" not in answer.text + page.text
    assert page.json["error"]["code"] == "internal"
