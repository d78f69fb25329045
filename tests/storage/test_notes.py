"""Notes: other words, no words any more, and whom they call; of what is gone nothing is kept."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlmodel import col, select

from storage import drafts, journal, mentions, notes, post, rows, whispering
from storage.conversations import Scope
from storage.deliveries import renewed
from storage.drafts import Written
from storage.letters import letter_of
from storage.mentions import Asked
from storage.models.operators import Operator
from storage.models.search import SearchText
from storage.models.tables import METADATA
from storage.models.talks import Note
from storage.models.work import Delivery
from storage.notes import Rewording
from storage.operator_friends import Letter, link, tell
from storage.refusals import NotFound, StaleNote
from storage.talks import lock
from storage.timelines import list_timeline
from storage.unit import Store
from tests import given

ALL = Asked()
HOUR = timedelta(hours=1)
EVERYWHERE = Scope("anybody", None)
SECRET = "ひみつの暗証番号"


class Shop:
    """A talk, its account, and three operators; the second has LINE linked."""

    def __init__(self, store: Store, now: datetime) -> None:
        self.store, self.now, self.numbers = store, now, count()
        self.talk, self.customer, self.a, self.b, self.c = store.write(self._furnish)

    def _furnish(self, db: Any) -> tuple[str, str, Operator, Operator, Operator]:
        account = given.an_account(db, self.now)
        talk = given.a_waiting_talk(db, account, self.now)
        people = [given.an_operator(db, self.now, f"見本スタッフ{name}") for name in "ABC"]
        return talk.id, talk.customer_id, *people

    def add(self, text: str = "前回はカット", *calls: Operator, at: datetime | None = None) -> Note:
        def work(db: Any) -> Note:
            name, ids = f"n-{next(self.numbers)}", [one.id for one in calls]
            note, _ = notes.add_note(
                db, self.talk, self.a, name, text, now=at or self.now, calls=ids
            )
            return note

        return self.store.write(work)

    def edit(self, note: Note, version: int, text: str, *calls: Operator) -> Note:
        to = Rewording(version, text, [one.id for one in calls])
        return self.store.write(lambda db: notes.edit_note(db, note.id, self.a, to, self.now))

    def delete(self, note: Note, version: int, by: Operator | None = None) -> Note:
        return self.store.write(
            lambda db: notes.delete_note(db, note.id, by or self.a, version, self.now)
        )

    def row(self, note: Note) -> dict[str, Any]:
        return self.store.read(lambda db: rows.note_row(db, db.get_one(Note, note.id)))

    def entries(self) -> list[Any]:
        return list(self.store.read(lambda db: journal.tail(db, "main", 0)).entries)

    def mentions_of(self, who: Operator, asked: Asked = ALL) -> list[dict[str, Any]]:
        found, _ = self.store.read(
            lambda db: mentions.list_mentions(db, EVERYWHERE, who.id, asked, None, 50)
        )
        return found

    def everything(self) -> str:
        """Every row of every table, as text."""

        def read(db: Any) -> str:
            tables = METADATA.tables.values()
            return "\n".join(
                repr(tuple(row)) for table in tables for row in db.execute(select(table))
            )

        return self.store.read(read)


@pytest.fixture
def shop(store: Store, now: datetime) -> Shop:
    return Shop(store, now)


def test_an_edited_note_says_so_and_tells_those_alone_whom_it_calls_anew(shop: Shop) -> None:
    note = shop.add("@見本スタッフB お願いします", shop.b)

    shop.edit(note, 1, "@見本スタッフB @見本スタッフC お願いします", shop.b, shop.c)

    row = shop.row(note)
    assert (row["text"][-6:], row["mentions"]) == ("お願いします", [shop.b.id, shop.c.id])
    assert (row["version"], row["edited_at"] is not None, row["deleted_at"]) == (2, True, None)
    (edited,) = [e for e in shop.entries() if e.kind == "note.edited"]
    assert edited.payload["called"] == {"to": [shop.c.id]}
    assert edited.payload["note"] == row


def test_the_same_words_again_are_nothing_new_and_older_ones_are_refused(shop: Shop) -> None:
    note = shop.add()
    shop.edit(note, 1, "次回はカラー")
    before = len(shop.entries())

    assert shop.edit(note, 1, "次回はカラー").version == 2  # the answer had not come
    assert len(shop.entries()) == before
    with pytest.raises(StaleNote) as refused:
        shop.edit(note, 1, "次回はパーマ")
    assert refused.value.details["note"] == shop.row(note)
    with pytest.raises(StaleNote):
        shop.delete(note, 1)
    with pytest.raises(NotFound):
        shop.store.write(lambda db: notes.get_note(db, "nothing"))


def test_of_a_deleted_note_no_word_is_left_anywhere(shop: Shop) -> None:
    """Not in the row, the search, the journal, shared drafts, whispers, or letters by LINE."""
    shop.store.write(lambda db: _share_and_clear(shop, db))
    note = shop.add(SECRET, shop.b)
    shop.edit(note, 1, f"{SECRET}は0000", shop.b)
    shop.store.write(lambda db: _write_by_line(shop, db))
    assert SECRET in shop.everything()
    assert shop.store.read(lambda db: len(db.exec(select(SearchText)).all())) >= 1

    shop.delete(note, 2, shop.c)

    assert SECRET not in shop.everything()
    row = shop.row(note)
    assert (row["text"], row["mentions"], row["deleted_by"]) == ("", [], "見本スタッフC")
    assert shop.mentions_of(shop.b) == []
    assert shop.delete(note, 2).version == row["version"]  # gone is gone
    with pytest.raises(StaleNote):
        shop.edit(note, 3, "もう一度")
    items, _ = shop.store.read(lambda db: list_timeline(db, EVERYWHERE, shop.customer, None))
    kinds = [item["kind"] for item in items if item["kind"].startswith("note.")]
    assert kinds == ["note.deleted", "note.added"]


def _share_and_clear(shop: Shop, db: Any) -> None:
    talk = lock(db, shop.talk)
    drafts.save(db, talk, shop.a, Written("note", SECRET, "page-1", 0), shop.now)
    drafts.share(db, talk, shop.a, "note", None, shop.now)
    drafts.save(db, talk, shop.a, Written("note", "", "page-1", 2), shop.now)


def _write_by_line(shop: Shop, db: Any) -> None:
    """The second operator takes notices by LINE, with their words, and has got this one."""
    own = given.a_talk(db, given.the_account(db), shop.now, "U" + "b" * 32)
    link(db, own, shop.b, shop.now)
    db.flush()
    added = next(e for e in shop.entries() if e.kind == "note.added")
    source = letter_of(shop.b.id, "main", added.id)
    words = [{"type": "text", "text": f"ノート: {SECRET}"}]
    letter = Letter(words, source, "2026-11-24", 20, has_quota=True)
    assert tell(db, shop.b.id, letter, shop.now) is None
    (letter,) = db.exec(select(Delivery).where(col(Delivery.conversation_id) == own.id)).all()
    letter.state, letter.mode, letter.ended_at = "sent", "push", shop.now
    db.add(letter)


def test_a_letter_that_waits_for_the_month_does_not_leave_with_a_deleted_notes_words(
    shop: Shop,
) -> None:
    note = shop.add(SECRET, shop.b)
    shop.store.write(lambda db: _write_by_line(shop, db))

    shop.store.write(_have_it_wait)
    shop.delete(note, 1)

    letter = shop.store.read(lambda db: db.exec(select(Delivery)).one())
    assert (letter.state, letter.held, letter.ended_at) == ("cancelled", None, shop.now)
    assert SECRET not in shop.everything()


def test_a_letter_that_waits_says_the_words_of_today(shop: Shop) -> None:
    note = shop.add(SECRET, shop.b)
    shop.store.write(lambda db: _write_by_line(shop, db))
    shop.store.write(_have_it_wait)
    before = shop.store.read(lambda db: db.exec(select(Delivery)).one())

    shop.edit(note, 1, "次回はカラー", shop.b)
    shop.edit(note, 2, "やはりパーマ", shop.b)

    letter = shop.store.read(lambda db: db.exec(select(Delivery)).one())
    assert (letter.state, letter.held) == ("pending", "limit")
    assert letter.messages == [{"type": "text", "text": "ノート: やはりパーマ"}]
    assert letter.retry_key != before.retry_key, "LINE may have seen the old key with other words"
    assert SECRET not in shop.everything()
    shop.delete(note, 3)
    assert shop.store.read(lambda db: db.exec(select(Delivery)).one()).state == "cancelled"


def test_a_letter_whose_fate_is_unknown_keeps_its_words_because_its_key_has_one_body(
    shop: Shop,
) -> None:
    note = shop.add(SECRET, shop.b)
    shop.store.write(lambda db: _write_by_line(shop, db))

    def leave_unsure(db: Any) -> None:
        _have_it_wait(db)
        letter = db.exec(select(Delivery)).one()
        letter.is_unsure = True

    shop.store.write(leave_unsure)
    shop.edit(note, 1, "次回はカラー", shop.b)

    letter = shop.store.read(lambda db: db.exec(select(Delivery)).one())
    assert letter.messages == [{"type": "text", "text": f"ノート: {SECRET}"}]


def _have_it_wait(db: Any) -> None:
    letter = db.exec(select(Delivery)).one()
    letter.state, letter.ended_at, letter.held, letter.tries = "pending", None, "limit", 1
    letter.retry_key = renewed(renewed(letter.retry_key))
    db.add(letter)


def test_a_whisper_goes_with_the_note_that_it_is(shop: Shop) -> None:
    shop.store.write(lambda db: post.send(db, shop.talk, shop.b, given.a_reply(), shop.now))
    note, _ = shop.store.write(
        lambda db: whispering.whisper(db, shop.talk, shop.a, "w-1", SECRET, now=shop.now)
    )

    shop.edit(note, 1, "値引きは10%まで")
    (whispered,) = [e for e in shop.entries() if e.kind == "whispered"]
    assert whispered.payload["whisper"]["text"] == "値引きは10%まで"
    shop.delete(note, 2)

    assert SECRET not in shop.everything()
    assert "値引き" not in shop.everything()


def test_ones_mentions_newest_first_with_what_is_not_seen(shop: Shop) -> None:
    first = shop.add("@見本スタッフB 一つ目", shop.b)
    second = shop.add("二つ目", at=shop.now + HOUR)
    third = shop.add("@見本スタッフB 三つ目", shop.b, at=shop.now + 2 * HOUR)

    assert [one["id"] for one in shop.mentions_of(shop.b)] == [third.id, first.id]
    assert shop.mentions_of(shop.c) == []
    shop.now += 3 * HOUR
    shop.edit(second, 1, "@見本スタッフB 二つ目", shop.b)
    shop.edit(first, 1, "一つ目")

    found = shop.mentions_of(shop.b)
    assert [one["id"] for one in found] == [second.id, third.id]
    assert found[0]["conversation_id"] == shop.talk
    assert all(one["seen_at"] is None for one in found)


def test_mentions_are_paged_seen_and_behind_the_wall(shop: Shop) -> None:
    for number in range(5):
        shop.add(f"@見本スタッフB {number}", shop.b, at=shop.now + number * HOUR)

    def page(scope: Scope, cursor: str | None) -> tuple[list[str], str | None]:
        def read(db: Any) -> tuple[list[Any], str | None]:
            return mentions.list_mentions(db, scope, shop.b.id, Asked(), cursor, 2)

        items, following = shop.store.read(read)
        return [item["text"][-1] for item in items], following

    shown, cursor = page(EVERYWHERE, None)
    pages = [shown]
    while cursor is not None:
        shown, cursor = page(EVERYWHERE, cursor)
        pages.append(shown)
    assert pages == [["4", "3"], ["2", "1"], ["0"]]

    elsewhere = Scope("anybody", frozenset({"second"}))
    assert page(elsewhere, None) == ([], None)

    def unseen(scope: Scope, account: str | None = None) -> int:
        return shop.store.read(lambda db: mentions.count_unseen(db, scope, shop.b.id, account))

    assert (unseen(EVERYWHERE), unseen(elsewhere), unseen(EVERYWHERE, "second")) == (5, 0, 0)
    shop.store.write(lambda db: mentions.mark_seen(db, shop.b.id, "another-talk", shop.now))
    assert unseen(EVERYWHERE) == 5
    shop.store.write(lambda db: mentions.mark_seen(db, shop.b.id, shop.talk, shop.now))
    assert unseen(EVERYWHERE) == 0
    assert shop.mentions_of(shop.b, Asked(is_unseen=True)) == []
    assert len(shop.mentions_of(shop.b, Asked("main"))) == 5
