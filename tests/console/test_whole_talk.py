"""A talk as it is opened, through the console's door: one answer in the place of four."""

from typing import Any

import pytest

from console.api import whole_talk
from console.door import House
from storage import journal
from storage.talks import Line, append, changed, lock
from tests import given
from tests.console.conftest import Clock, SignIn


def test_one_answer_holds_what_four_addresses_tell(
    house: House, clock: Clock, sign_in: SignIn
) -> None:
    talk = house.store.write(lambda db: _a_talk(db, clock))
    browser = sign_in("operator")
    base = f"/conversations/{talk}"
    browser.post(f"{base}/notes", client_note_id="n1", text="見本のノート")
    draft = {"kind": "reply", "text": "見本の下書き", "device": "d1", "base": 0}
    assert browser.call("PUT", f"{base}/draft", draft).status_code == 200

    whole = browser.get(f"{base}/whole").get_json()

    parts = {"detail": "", "messages": "/messages", "notes": "/notes", "drafts": "/draft"}
    assert whole == {name: browser.get(base + path).get_json() for name, path in parts.items()}
    assert whole["drafts"]["reply"]["text"] == "見本の下書き"
    assert whole["detail"]["unseen_from"] is not None
    assert sign_in("viewer", ("other",)).get(f"{base}/whole").status_code == 404


def test_to_read_a_talk_is_not_to_have_looked_at_it(
    house: House, clock: Clock, sign_in: SignIn
) -> None:
    talk = house.store.write(lambda db: _a_talk(db, clock))
    browser = sign_in("operator")
    before = browser.get(f"/conversations/{talk}").get_json()

    browser.get(f"/conversations/{talk}/whole")

    assert before["conversation"]["unseen_count"] > 0
    assert browser.get(f"/conversations/{talk}").get_json() == before  # not even the journal moved


def test_what_comes_while_it_is_read_is_in_no_part_of_it(
    house: House, clock: Clock, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = house.store.write(lambda db: _a_talk(db, clock))
    browser = sign_in("operator")
    before = browser.get(f"/conversations/{talk}/whole").get_json()
    detail_of = whole_talk.detail_of

    def and_meanwhile(*given_: Any) -> Any:
        found = detail_of(*given_)
        house.store.write(lambda db: _says(db, talk, "あとの声", clock))
        return found

    monkeypatch.setattr(whole_talk, "detail_of", and_meanwhile)

    assert browser.get(f"/conversations/{talk}/whole").get_json() == before
    monkeypatch.undo()
    after = browser.get(f"/conversations/{talk}/whole").get_json()
    assert [line["text"] for line in after["messages"]["items"]] == ["見本の声", "あとの声"]
    assert after["detail"]["at"] != before["detail"]["at"]


def _says(db: Any, talk_id: str, text: str, clock: Clock) -> None:
    talk = lock(db, talk_id)
    line = append(db, talk, Line("customer", "text", {"type": "text"}, clock(), text))
    changed(db, talk, "message.added", journal.SYSTEM, clock(), line)


def _a_talk(db: Any, clock: Clock) -> str:
    account = given.an_account(db, clock())
    given.an_account(db, clock(), "other", provider="別の見本")
    talk = given.a_talk(db, account, clock())
    append(db, talk, Line("customer", "text", {"type": "text"}, clock(), "見本の声"))
    talk.unseen_count = 1
    return talk.id
