"""The API through its door: who may, what is refused and how, on both databases."""

import json
import re
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from flask import Flask

from console.api.openapi import document
from console.api.routes import OPEN_ROUTES, ROUTES, may
from console.api.schemas import SCHEMAS
from console.app import create_app
from console.door import House
from console.publishing import Wish, publish_folder
from flows.language.loader import load_folder
from storage.roles import ROLES
from tests import given
from tests.console.conftest import HASH, ORIGIN, PASSWORD, Browser, Clock, SignIn

WEB = Path(__file__).parent.parent.parent / "console" / "web"


def filled(path: str, talk: str) -> str:
    return re.sub(r"<[\w:]+>", talk, path)


def test_every_route_is_closed_without_a_session(app: Flask, talk: str) -> None:
    client = app.test_client()
    for route in ROUTES:
        answer = client.open(f"/api/v1{filled(route.path, talk)}", method=route.method, json={})
        assert answer.status_code == 401, route
        assert answer.get_json()["error"]["code"] == "unauthorized"


@pytest.mark.parametrize("role", ROLES)
def test_each_role_may_do_what_the_table_says_and_no_more(
    sign_in: SignIn, talk: str, role: str
) -> None:
    browser = sign_in(role)
    for route in ROUTES:
        if route.method == "DELETE" and route.path == "/session":
            continue
        answer = browser.call(route.method, filled(route.path, talk), {"nonsense": 1})
        assert (answer.status_code == 403) is not may(role, route.role), (route, answer.json)


def test_every_rule_of_the_application_is_in_the_table(app: Flask) -> None:
    table = {(route.method, f"/api/v1{route.path}") for route in (*ROUTES, *OPEN_ROUTES)}
    table |= {("GET", "/api/v1/openapi.json")}
    rules = {
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert rules == table
    paths = document()["paths"]
    table = {(method, path.replace("<path:", "<")) for method, path in table}
    assert {
        (m.upper(), p.replace("{", "<").replace("}", ">")) for p, ms in paths.items() for m in ms
    } == table


def test_a_change_needs_the_token_and_our_own_origin(sign_in: SignIn, talk: str) -> None:
    browser = sign_in()
    path = f"/conversations/{talk}/take"

    without = browser.call("POST", path, {"epoch": 1}, **{"X-CSRF-Token": "x"})
    foreign = browser.call("POST", path, {"epoch": 1}, Origin="https://evil.example")
    right = browser.call("POST", path, {"epoch": 1})

    assert [a.status_code for a in (without, foreign, right)] == [403, 403, 200]
    assert right.get_json()["assignee_id"] == browser.id


def test_failed_sign_ins_wait_longer_and_say_nothing_of_who_exists(
    app: Flask, sign_in: SignIn, clock: Clock
) -> None:
    sign_in()
    client = app.test_client()

    def attempt(email: str, password: str) -> int:
        body = {"email": email, "password": password}
        answer = client.post("/api/v1/session", json=body, headers={"Origin": ORIGIN})
        return answer.status_code

    assert attempt("nobody@example.com", "x") == attempt("operator0@example.com", "x") == 401
    assert [attempt("operator0@example.com", "x") for _ in range(5)] == [401] * 4 + [429]
    assert attempt("operator0@example.com", PASSWORD) == 429
    clock.pass_s(31)
    assert attempt("OPERATOR0@example.com", PASSWORD) == 200
    assert PASSWORD not in HASH


@pytest.mark.parametrize(("hops", "last"), [(0, 429), (1, 401)])
def test_sign_ins_behind_a_proxy_are_counted_by_browser_when_it_is_trusted(
    house: House, hops: int, last: int
) -> None:
    settings = replace(house.settings, proxy_hops=hops)
    client = create_app(replace(house, settings=settings)).test_client()

    def attempt(number: int) -> int:
        body = {"email": "nobody@example.com", "password": "x"}
        headers = {"Origin": ORIGIN, "X-Forwarded-For": f"203.0.113.{number}"}
        return client.post("/api/v1/session", json=body, headers=headers).status_code

    answers = [attempt(number) for number in range(6)]

    assert answers[0] == 401
    assert answers[-1] == last


def test_the_other_account_is_not_there_at_all(sign_in: SignIn, talk: str) -> None:
    inside, outside = sign_in("operator"), sign_in("operator", accounts=("other",))

    assert inside.get(f"/conversations/{talk}").status_code == 200
    customer = inside.get(f"/conversations/{talk}").get_json()["customer"]["id"]
    for path in (
        f"/conversations/{talk}",
        f"/customers/{customer}",
        f"/conversations/{talk}/notes",
    ):
        assert outside.get(path).status_code == 404, path
    assert outside.post(f"/conversations/{talk}/take", epoch=1).status_code == 404
    assert outside.get("/conversations").get_json()["items"] == []
    assert set(outside.get("/conversations").get_json()["at"]) == {"other"}


def test_a_talk_is_taken_answered_noted_tagged_and_resolved(sign_in: SignIn, talk: str) -> None:
    browser, colleague = sign_in("operator"), sign_in("supervisor")
    path = f"/conversations/{talk}"
    (row,) = browser.get("/conversations?view=waiting&q=人と").get_json()["items"]
    assert row["last_message"]["text"] == "<b>人と話したい</b>"

    assert browser.post(f"{path}/take", epoch=row["epoch"]).get_json()["status"] == "active"
    lost = colleague.post(f"{path}/take", epoch=row["epoch"])
    assert (lost.status_code, lost.get_json()["error"]["code"]) == (409, "lost_race")
    assert lost.get_json()["error"]["details"]["conversation"]["assignee_id"] == browser.id

    sent = browser.post(f"{path}/messages", client_msg_id="c1", text="はい", seen_seq=9)
    again = browser.post(f"{path}/messages", client_msg_id="c1", text="はい", seen_seq=9)
    assert [sent.status_code, again.status_code] == [201, 200]
    assert sent.get_json()["id"] == again.get_json()["id"]
    other = colleague.post(f"{path}/messages", client_msg_id="c2", text="私も", seen_seq=9)
    assert other.get_json()["error"]["code"] == "assigned_to_other"
    forced = colleague.post(
        f"{path}/messages", client_msg_id="c2", text="私も", seen_seq=9, force=True
    )
    assert forced.status_code == 201
    stale = browser.post(f"{path}/messages", client_msg_id="c3", text="では", seen_seq=3)
    assert stale.get_json()["error"]["code"] == "stale"
    assert [m["text"] for m in stale.get_json()["error"]["details"]["messages"]] == ["私も"]

    note = browser.post(f"{path}/notes", client_note_id="n1", text="前回はカット")
    assert note.status_code == 201
    customer = browser.get(path).get_json()["customer"]["id"]
    tagged = browser.call("PUT", f"/customers/{customer}/tags/VIP").get_json()
    assert [(t["tag"], t["reason"]["operator_id"]) for t in tagged["tags"]] == [("VIP", browser.id)]
    changed = browser.call(
        "PATCH", f"/customers/{customer}", {"name": "見本 様", "fields": {"memo": "短め"}}
    ).get_json()
    assert (changed["name"], changed["fields"]) == ("見本 様", {"memo": "短め"})

    assert browser.post(f"{path}/resolve").get_json()["status"] == "done"
    assert browser.post(f"{path}/snooze", until="2026-12-01T00:00:00Z").status_code == 409
    assert browser.post(f"{path}/return").get_json()["status"] == "bot"
    kinds = [i["kind"] for i in browser.get(f"/customers/{customer}/timeline").get_json()["items"]]
    assert {"conversation.taken", "note.added", "customer.tagged"} <= set(kinds)


def test_bad_input_is_refused_with_its_place(sign_in: SignIn, talk: str) -> None:
    browser, path = sign_in(), f"/conversations/{talk}"
    for body in (
        {"client_msg_id": "c", "seen_seq": 0},
        {"client_msg_id": "c", "seen_seq": 0, "text": "a" * 5001},
        {"client_msg_id": "c", "seen_seq": 0, "text": "あ", "nonsense": 1},
        {"client_msg_id": "c", "seen_seq": 0, "messages": [{"type": "flex"}]},
    ):
        answer = browser.call("POST", f"{path}/messages", body)
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, "bad_request")
    assert browser.get("/conversations?view=nonsense").status_code == 400
    assert browser.get("/conversations?cursor=nonsense").status_code == 404
    assert browser.get("/conversations?q=%00").status_code == 400
    assert browser.get("/conversations/%00").status_code == 404
    assert browser.get(f"{path}/messages?before={10**30}").status_code == 200
    assert browser.get(f"{path}/messages?before={-(10**30)}").get_json()["items"] == []
    assert browser.post(f"{path}/seen", seq=10**30).status_code == 400
    assert browser.post(f"/deliveries/{10**30}/send_anyway").status_code == 404
    for flow in ("nonsense", "_folder"):
        assert browser.post(f"{path}/start", flow=flow).status_code == 404
    assert browser.post(f"{path}/notes", client_note_id="n", text=" \n").status_code == 400
    assert browser.post(f"{path}/notes", client_note_id="n", text="a\x00").status_code == 400
    assert browser.post(f"{path}/snooze", until="2020-01-01T00:00:00Z").status_code == 400


def test_the_document_names_every_shape_and_no_other(sign_in: SignIn) -> None:
    text = json.dumps(sign_in().get("/openapi.json").get_json())
    named = set(re.findall(r"#/components/schemas/(\w+)", text))

    assert named == set(SCHEMAS)
    jsonschema.Draft202012Validator.check_schema({"$defs": SCHEMAS})


@pytest.mark.parametrize(
    ("row", "schema"),
    [
        ("Conversation", "conversation"), ("LastMessage", "last_message"), ("Message", "message"),
        ("Media", "media"), ("Note", "note"), ("Handoff", "handoff"), ("Customer", "customer"),
        ("CustomerTag", "customer_tag"), ("Friend", "friend"), ("Run", "run"), ("Actor", "actor"),
        ("TimelineItem", "timeline_item"), ("Operator", "operator"), ("House", "house"),
        ("FieldSpec", "field"), ("Session", "session"),
    ],
)  # fmt: skip
def test_the_screens_rows_are_those_of_the_document(row: str, schema: str) -> None:
    rows = "".join((WEB / "src" / "desk" / name).read_text() for name in ("rows.ts", "house.ts"))
    body = re.search(rf"^export interface {row} {{$(.*?)^}}$", rows, re.MULTILINE | re.DOTALL)
    assert body is not None
    keys = dict(re.findall(r"^  (\w+)(\??):", body.group(1), re.MULTILINE))

    assert set(keys) == set(SCHEMAS[schema]["properties"])
    assert {key for key, mark in keys.items() if not mark} == set(SCHEMAS[schema]["required"])


@pytest.mark.parametrize(
    ("row", "schema"),
    [
        ("Person", "person"), ("StaffPage", "staff_page"), ("OneTimeLink", "one_time_link"),
        ("PersonLink", "person_link"), ("Joining", "joining"), ("OwnAccount", "own_account"),
        ("OwnSession", "own_session"), ("NewCodes", "new_codes"), ("Deed", "deed"),
    ],
)  # fmt: skip
def test_the_rows_of_people_are_those_of_the_document(row: str, schema: str) -> None:
    rows = (WEB / "src" / "people" / "rows.ts").read_text()
    body = re.search(rf"^export interface {row} {{$(.*?)^}}$", rows, re.MULTILINE | re.DOTALL)
    assert body is not None

    assert set(re.findall(r"^  (\w+):", body.group(1), re.MULTILINE)) == set(
        SCHEMAS[schema]["properties"]
    )


def test_every_page_carries_the_headers_that_keep_strangers_out(
    app: Flask, house: House, talk: str
) -> None:
    for path in ("/healthz", "/api/v1/session", "/nowhere"):
        headers = app.test_client().get(path).headers
        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert app.test_client().get("/readyz").status_code == 200
    assert "madoguchi_arrivals_pending" in app.test_client().get("/metrics").get_data(as_text=True)
    figures = {'sample_total{outcome="failed"}': 3}
    counting = create_app(replace(house, figures=lambda: figures)).test_client().get("/metrics")
    assert 'sample_total{outcome="failed"} 3\n' in counting.get_data(as_text=True)
    proxied = app.test_client().get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"})
    assert proxied.status_code == 403


def test_signing_out_ends_the_session(sign_in: SignIn, talk: str) -> None:
    browser = sign_in()

    assert browser.call("DELETE", "/session").status_code == 204
    assert browser.get("/session").status_code == 401


def test_a_session_in_use_does_not_go_idle_and_one_that_rests_does(
    sign_in: SignIn, talk: str, clock: Clock
) -> None:
    browser, hour_s = sign_in(), 3600
    for _ in range(3):
        clock.pass_s(6 * hour_s)
        assert browser.get("/session").status_code == 200

    clock.pass_s(12 * hour_s + 1)
    assert browser.get("/session").status_code == 401


def test_line_messages_of_several_kinds_go_out_in_one_call(sign_in: SignIn, talk: str) -> None:
    browser, path = sign_in(), f"/conversations/{talk}/messages"
    both = [
        {"type": "text", "text": "どうぞ"},
        {"type": "sticker", "packageId": "446", "stickerId": "1988"},
    ]
    assert browser.post(path, client_msg_id="c", seen_seq=9, messages=both).status_code == 201

    sent = [m for m in browser.get(path).json["items"] if m["sender"] == "operator"]
    assert [line["kind"] for line in sent] == ["text", "sticker"]
    assert len({line["delivery_id"] for line in sent}) == 1


FIELDS = """fields:
  birthday: {title: お誕生日, type: date}
  age: {title: 年代, type: choice, options: [20代, 30代]}
  visits: {title: 来店, type: number}
  likes: {title: 好み, type: list}
  memo: {title: メモ, type: text, max: 3}
"""


@pytest.fixture
def card(house: House, sign_in: SignIn, talk: str, tmp_path: Path) -> tuple[Browser, str]:
    """A supervisor, and the path of the card of a house whose managers named its fields."""
    (tmp_path / "fields.yaml").write_text(FIELDS)
    publish_folder(house.store, load_folder(tmp_path), Wish(), house.clock())
    browser = sign_in("supervisor")
    person = browser.get(f"/conversations/{talk}").json["customer"]["id"]
    return browser, f"/customers/{person}"


def test_a_field_takes_only_what_its_type_means(card: tuple[Browser, str]) -> None:
    browser, path = card
    good = {"birthday": "2000年1月2日", "age": "20代", "visits": 3, "likes": ["赤"], "memo": "短め"}
    answer = browser.call("PATCH", path, {"fields": {**good, "nobody_named_it": "あ"}})

    assert answer.json["fields"] == {**good, "birthday": "2000-01-02", "nobody_named_it": "あ"}
    for key, value in (
        ("birthday", "いつか"), ("age", "90代"), ("visits", "たくさん"), ("memo", "長すぎる"),
        ("age", ["20代"]),
    ):  # fmt: skip
        refused = browser.call("PATCH", path, {"fields": {key: value}})
        assert (refused.status_code, refused.json["error"]["code"]) == (400, "bad_request"), key
    kept = browser.call("PATCH", path, {"fields": {"age": "", "likes": []}}).json["fields"]
    assert set(kept) == {"birthday", "visits", "memo", "nobody_named_it"}


def test_a_number_that_json_does_not_have_is_refused(card: tuple[Browser, str]) -> None:
    browser, path = card
    for number in (b"NaN", b"1e999"):
        answer = browser.client.patch(
            f"/api/v1{path}",
            data=b'{"fields": {"visits": ' + number + b"}}",
            content_type="application/json",
            headers={"X-CSRF-Token": browser.session["csrf_token"]},
        )
        assert answer.status_code == 400


def test_a_tag_may_be_any_text(card: tuple[Browser, str]) -> None:
    browser, path = card
    tagged = browser.call("PUT", f"{path}/tags/VIP%2F特別").json["tags"]

    assert [tag["tag"] for tag in tagged] == ["VIP/特別"]
    assert browser.call("DELETE", f"{path}/tags/VIP%2F特別").json["tags"] == []


def test_a_card_hides_the_ties_to_accounts_that_one_may_not_see(
    house: House, sign_in: SignIn, talk: str
) -> None:
    now = house.clock()

    def befriend(db) -> None:
        sibling = given.an_account(db, now, "sibling")
        given.a_message(db, sibling, "こちらにも", now, number=9)

    house.store.write(befriend)
    everywhere, here = sign_in("supervisor"), sign_in("operator", accounts=("main",))

    def ties(browser: Browser) -> list[str]:
        person = browser.get(f"/conversations/{talk}").json["customer"]
        assert browser.get(f"/customers/{person['id']}").json == person
        return sorted(friend["account"] for friend in person["friends"])

    assert (ties(everywhere), ties(here)) == (["main", "sibling"], ["main"])


def test_who_did_not_see_that_a_colleague_was_faster_is_told_so(sign_in: SignIn, talk: str) -> None:
    fast, slow = sign_in("supervisor"), sign_in("operator")
    path = f"/conversations/{talk}"
    now = fast.post(f"{path}/take", epoch=1).json["epoch"]

    late = slow.post(f"{path}/assign", operator_id=slow.id, epoch=1)
    asked = slow.post(f"{path}/assign", operator_id=slow.id, epoch=now)

    assert (late.status_code, late.json["error"]["code"]) == (409, "lost_race")
    assert (asked.status_code, asked.json["error"]["code"]) == (403, "forbidden")


def test_refusals_speak_the_operators_language_at_every_address(sign_in: SignIn, talk: str) -> None:
    browser = sign_in()
    assert browser.call("PATCH", "/session", {"language": "en"}).status_code == 200

    for path in ("/api/v1/conversations/nobody", "/api/v1/nowhere"):
        answer = browser.client.get(path)
        assert answer.status_code == 404
        assert answer.json["error"] == {"code": "not_found", "message": "There is nothing here."}


def test_the_document_tells_with_which_status_each_request_succeeds() -> None:
    paths = document()["paths"]
    send = paths["/api/v1/conversations/{talk_id}/messages"]["post"]

    assert {"200", "201"} <= set(send["responses"])
    assert set(paths["/api/v1/session"]["delete"]["responses"]) == {"204", "default"}


def test_a_process_without_the_console_answers_for_its_health_alone(house: House) -> None:
    client = create_app(house, has_console=False).test_client()

    shown = {path: client.get(path).status_code for path in ("/healthz", "/readyz")}
    hidden = {path: client.get(path).status_code for path in ("/", "/api/v1/session", "/media/x")}

    assert set(shown.values()) == {200}
    assert set(hidden.values()) == {404}
