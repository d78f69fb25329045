"""The lines of a talk through the console's door: pages, days, words, and files once more."""

import base64
from datetime import timedelta
from typing import Any

import pytest

from console.door import House
from storage import incoming, jobs
from storage.incoming import Incoming
from storage.models.people import Account
from storage.models.talks import Conversation, Media
from storage.talks import Line, append, lock
from tests import given
from tests.console.conftest import Clock, SignIn


@pytest.fixture
def long_talk(house: House, clock: Clock) -> str:
    """A talk of 120 lines, one an hour; the last is `line 120`."""

    def work(db: Any) -> str:
        account = given.an_account(db, clock())
        given.an_account(db, clock(), "other", provider="別の見本")
        talk = given.a_talk(db, account, clock())
        for number in range(talk.last_seq + 1, 121):
            at = clock() - timedelta(hours=120 - number)
            append(db, talk, Line("customer", "text", {"type": "text"}, at, f"line {number}"))
        return talk.id

    return house.store.write(work)


def seqs(answer: Any) -> list[int]:
    return [row["seq"] for row in answer.get_json()["items"]]


def test_a_talk_is_read_in_pages_in_both_directions(sign_in: SignIn, long_talk: str) -> None:
    browser = sign_in("viewer")
    base = f"/conversations/{long_talk}/messages"

    newest = browser.get(base)
    before = browser.get(f"{base}?before=71&limit=10")
    after = browser.get(f"{base}?after=20&limit=10")
    around = browser.get(f"{base}?around=60&limit=10")
    last = browser.get(f"{base}?after=115")

    assert seqs(newest) == list(range(71, 121))
    assert (newest.get_json()["next"], newest.get_json()["newer"]) == (71, None)
    assert seqs(before) == list(range(61, 71))
    assert (before.get_json()["next"], before.get_json()["newer"]) == (61, 70)
    assert seqs(after) == list(range(21, 31))
    assert (after.get_json()["next"], after.get_json()["newer"]) == (21, 30)
    assert seqs(around) == list(range(55, 65))
    assert seqs(last) == list(range(116, 121))
    assert last.get_json()["newer"] is None
    assert browser.get(f"{base}?before=9&after=3").status_code == 400
    assert browser.get(f"{base}?after=x").status_code == 400
    assert seqs(browser.get(f"{base}?after=99999999999999999999")) == []


def test_a_day_leads_to_its_first_line_as_the_organisation_counts_days(
    sign_in: SignIn, long_talk: str, clock: Clock
) -> None:
    browser = sign_in("viewer")
    base = f"/conversations/{long_talk}/messages/on"

    day = browser.get(f"{base}?date=2026-11-23").get_json()["seq"]  # it is the 24th, 11:00 in Tokyo

    assert day == 120 - 11 - 24
    assert browser.get(f"{base}?date=2020-01-01").get_json() == {"seq": 1}
    assert browser.get(f"{base}?date=2027-01-01").get_json() == {"seq": 120}  # the last there is
    for wrong in ("", "2026-13-01", "morgen"):
        assert browser.get(f"{base}?date={wrong}").status_code == 400
    outside = sign_in("viewer", ("other",))
    assert outside.get(f"{base}?date=2026-11-23").status_code == 404
    assert outside.get(f"/conversations/{long_talk}/messages?around=5").status_code == 404


def test_words_are_found_within_one_talk(
    sign_in: SignIn, long_talk: str, house: House, clock: Clock
) -> None:
    browser = sign_in("viewer")

    def elsewhere(db: Any) -> None:
        given.a_message(db, db.get(Account, "main"), "line 7", clock(), user="U" + "2" * 32)

    house.store.write(elsewhere)

    def find(q: str, more: str = "") -> Any:
        return browser.get(f"/search?q={q}&conversation={long_talk}{more}")

    first = find("line%2011", "&limit=4").get_json()
    second = find("line%2011", f"&limit=40&after={first['next']}").get_json()
    assert [hit["seq"] for hit in first["items"]] == [119, 118, 117, 116]
    assert [hit["seq"] for hit in second["items"]] == [115, 114, 113, 112, 111, 110, 11]
    assert second["next"] is None
    assert [hit["seq"] for hit in find("line%207", "&limit=50").get_json()["items"]][-1] == 7
    assert all(hit["conversation_id"] == long_talk for hit in find("line%207").get_json()["items"])
    assert find("line%207", "&kind=notes").status_code == 400
    outside = sign_in("viewer", ("other",))
    found = outside.get(f"/search?q=line%207&conversation={long_talk}").get_json()
    assert found["items"] == []


def test_a_file_that_failed_is_fetched_again_and_no_other(
    sign_in: SignIn, talk: str, house: House, clock: Clock
) -> None:
    def receive(db: Any, state: str, number: str) -> str:
        conversation = lock(db, talk)
        account = db.get_one(Account, conversation.account_id)
        event = given.a_text_event("", int(number))
        arrival = given.an_arrival(db, account, event, clock())
        sent = Incoming("image", {"type": "image"}, clock(), None, number)
        message = incoming.receive(db, conversation, sent, arrival, clock())
        given.finish(db, arrival, clock())
        jobs.record_media(db, message.media_id or "", state, clock())
        return message.media_id or ""

    failed = house.store.write(lambda db: receive(db, "failed", "501"))
    expired = house.store.write(lambda db: receive(db, "expired", "502"))
    browser = sign_in("operator")

    again = browser.post(f"/media/{failed}/fetch")
    still = browser.post(f"/media/{expired}/fetch")

    assert again.get_json()["media"]["state"] == "pending"
    assert still.get_json()["media"]["state"] == "expired"
    assert house.store.read(lambda db: db.get_one(Media, failed).tries) == 0
    assert browser.post("/media/none/fetch").status_code == 404
    assert sign_in("viewer").post(f"/media/{failed}/fetch").status_code == 403
    assert sign_in("operator", ("other",)).post(f"/media/{failed}/fetch").status_code == 404


def test_a_talk_tells_from_where_on_the_staff_have_not_seen_it(
    sign_in: SignIn, talk: str, house: House, clock: Clock
) -> None:
    browser = sign_in("operator")
    detail = browser.get(f"/conversations/{talk}").get_json()

    assert (detail["conversation"]["unseen_count"], detail["unseen_from"]) == (1, 1)
    browser.post(f"/conversations/{talk}/seen", seq=detail["conversation"]["last_seq"])
    assert browser.get(f"/conversations/{talk}").get_json()["unseen_from"] is None


def test_a_file_is_saved_as_a_file_and_read_in_parts(
    sign_in: SignIn, talk: str, house: House, clock: Clock
) -> None:
    picture = base64.b64decode(b"iVBORw0KGgo=") + b"the rest of a picture"

    def receive(db: Any) -> str:
        conversation: Conversation = lock(db, talk)
        account = db.get_one(Account, conversation.account_id)
        arrival = given.an_arrival(db, account, given.a_text_event("", 601), clock())
        sent = Incoming("image", {"type": "image"}, clock(), None, "601")
        message = incoming.receive(db, conversation, sent, arrival, clock())
        given.finish(db, arrival, clock())
        stored = jobs.Stored("ab" + "0" * 62, "image/png", len(picture))
        jobs.record_media(db, message.media_id or "", stored, clock())
        return message.media_id or ""

    media = house.store.write(receive)
    place = house.settings.data_dir / "media" / "ab"
    place.mkdir(parents=True)
    (place / ("ab" + "0" * 62)).write_bytes(picture)
    client = sign_in("viewer").client

    with client.get(f"/media/{media}") as shown:
        assert shown.headers["Content-Disposition"].startswith("inline")
    with client.get(f"/media/{media}?download") as saved:
        assert saved.headers["Content-Disposition"].startswith("attachment")
        assert saved.headers["X-Content-Type-Options"] == "nosniff"
    with client.get(f"/media/{media}", headers={"Range": "bytes=8-10"}) as part:
        assert (part.status_code, part.data) == (206, b"the")
    assert client.get("/media/none?download").status_code == 404
