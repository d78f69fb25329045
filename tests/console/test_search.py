"""The search through its door: what each role finds, what is refused, pages, and the wall."""

import pytest

from console.door import House
from storage import customers, journal, notes
from storage.incoming import unsend
from storage.models.talks import Conversation
from storage.roles import ROLES
from tests import given
from tests.console.conftest import SignIn


def test_every_role_finds_what_their_accounts_hold_and_nobody_else_does(
    sign_in: SignIn, talk: str, house: House
) -> None:
    now = house.clock()

    def work(db) -> None:
        person = db.get_one(Conversation, talk).customer_id
        customers.rename(db, person, "見本 花子", journal.BOT, now)
        notes.add_note(db, talk, given.an_operator(db, now), "n", "人気のメモ", now=now)

    house.store.write(work)
    for role in ROLES:
        inside, outside = sign_in(role), sign_in(role, ("other",))
        for query, kind in (("人と", "messages"), ("人気", "notes"), ("花子", "customers")):
            page = inside.get(f"/search?q={query}&kind={kind}").get_json()
            assert [hit["conversation_id"] for hit in page["items"]] == [talk], (role, kind)
            assert page["next"] is None
            hidden = outside.get(f"/search?q={query}&kind={kind}")
            assert hidden.get_json() == {"items": [], "next": None}
            asked = outside.get(f"/search?q={query}&kind={kind}&account=main")
            assert asked.get_json() == {"items": [], "next": None}


def test_a_hit_is_marked_in_the_text_as_it_was_written(
    sign_in: SignIn, talk: str, house: House
) -> None:
    browser = sign_in()
    (hit,) = browser.get("/search?q=話したい").get_json()["items"]

    assert hit["text"] == "<b>人と話したい</b>"
    assert [hit["text"][a:b] for a, b in hit["hits"]] == ["話したい"]
    assert (hit["seq"], hit["sender"], hit["account"]) == (1, "customer", "main")

    house.store.write(lambda db: unsend(db, db.get_one(Conversation, talk), "1", house.clock()))
    assert browser.get("/search?q=話したい").get_json()["items"] == []


def test_pages_follow_each_other_newest_first(sign_in: SignIn, talk: str, house: House) -> None:
    def work(db) -> None:
        conversation = db.get_one(Conversation, talk)
        for number in range(5):
            given.a_line(db, conversation, f"カットの話{number}", house.clock())

    house.store.write(work)
    browser, texts, after = sign_in(), [], ""
    while after is not None:
        page = browser.get(f"/search?q=カット&limit=2&after={after}").get_json()
        texts += [hit["text"] for hit in page["items"]]
        after = page["next"]

    assert texts == [f"カットの話{number}" for number in range(4, -1, -1)]


@pytest.mark.parametrize("query", ["", "あ", "あ%20", "%20%20", "%E2%80%8Bあ"])
def test_a_search_of_less_than_two_characters_is_refused_politely(
    sign_in: SignIn, talk: str, query: str
) -> None:
    browser = sign_in()
    refused = browser.get(f"/search?q={query}")

    assert refused.status_code == 400
    assert refused.get_json()["error"]["code"] == "too_short"
    assert refused.get_json()["error"]["message"] == "2文字以上入れてください。"
    assert browser.get("/search?q=人と").status_code == 200


def test_what_makes_no_sense_is_refused(sign_in: SignIn, talk: str) -> None:
    browser = sign_in()
    assert browser.get("/search?q=人と&kind=nonsense").status_code == 400
    assert browser.get("/search?q=人と&limit=nonsense").status_code == 400
    assert browser.get("/search?q=" + "あ" * 101).status_code == 400
    assert browser.get("/search?q=" + "あ" * 100).status_code == 200
    assert browser.get("/search?q=人と&after=nonsense").status_code == 404
    assert browser.get("/search?q=人と%00").status_code == 400
    assert browser.get("/search?q=人と&account=nowhere").get_json()["items"] == []
    huge = "WzkyMjMzNzIwMzY4NTQ3NzU4MDdd"  # a cursor beyond every text
    assert len(browser.get(f"/search?q=人と&after={huge}").get_json()["items"]) == 1
