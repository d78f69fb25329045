"""Search: any two characters find their text, behind the wall, and what was erased is gone."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, func, select
from sqlmodel import Session, col

from storage import customers, findable, finding, hits, journal, notes, sealing
from storage.conversations import Scope
from storage.customers import FieldChange
from storage.finding import Wanted, find_rows
from storage.incoming import unsend
from storage.models.people import Customer, Friend
from storage.models.search import SearchPosting, SearchStretch, SearchText
from storage.models.talks import Conversation, Message
from storage.refusals import NotFound
from storage.search_postings import STRETCH, bucket_of, keys_of, read
from storage.search_words import Snippet, cut_snippet, fold, pairs, read_words
from storage.unit import Store, open_store
from tests import given
from tests.storage.searching import EVERYTHING, LATER, fill_stretch, found, seal

TEXTS = (
    "明日の15時にｶｯﾄの予約をお願いします",
    "駐車場はありますか?",
    "電話は０９０−１２３４−５６７８です",
    "New  York のお土産、山田 太郎より",
)


@pytest.fixture
def talk(store: Store, now: datetime) -> str:
    """A talk with four messages on `main`, and one on `second`; the newest comes last."""

    def work(db: Session) -> str:
        main = given.an_account(db, now)
        other = given.an_account(db, now, "second", provider="別会社")
        for number, text in enumerate(TEXTS):
            conversation, _ = given.a_message(db, main, text, now, number)
        given.a_message(db, other, "別の店のカット予約", now, 99)
        return conversation.id

    return store.write(work)


def texts_found(store: Store, query: str, **more: Any) -> list[str]:
    ids = found(store, query, **more)
    by_id = store.read(lambda db: {m.id: m.text for m in db.scalars(select(Message))})
    return [by_id[one] for one in ids]


@pytest.mark.parametrize("is_sealed", [False, True])
def test_any_two_characters_find_their_text_however_they_were_typed(
    store: Store, talk: str, *, is_sealed: bool
) -> None:
    if is_sealed:
        assert seal(store) == 1

    booking, parking, telephone, york = TEXTS
    for query, expected in {
        "予約": ["別の店のカット予約", booking],
        "カット": ["別の店のカット予約", booking],
        "かっとの": [booking],
        "１５時": [booking],
        "予約 カット": ["別の店のカット予約", booking],
        "カット 15 明日": [booking],
        "か?": [parking],
        "か？": [parking],
        "09012345678": [telephone],
        "090-1234": [telephone],
        "new york": [york],
        "NEW Yo": [york],
        "山田太郎": [york],
        "wy": [],
        "太郎 駐車": [],
        "鼈甲": [],
        "%_": [],
    }.items():
        assert texts_found(store, query) == expected, query


def test_a_search_that_is_too_short_is_none() -> None:
    assert read_words("あ") == read_words(" \u3000") == read_words("\u200b1") == ()
    assert read_words("あ い") == ("あい",)
    assert read_words("カラー あ") == ("からー", "あ")


def test_words_that_overlap_are_one_hit_and_other_texts_are_none() -> None:
    assert cut_snippet("これはあいうえお", ("あいう", "いうえ")) == Snippet(
        "これはあいうえお", ((3, 7),)
    )
    assert cut_snippet("ΐ ΐ", (fold("ΐΐ"),)) is not None, "folding leaves what composes anew"
    assert cut_snippet("これはあいうえお", ("あいう", "かき")) is None
    long = cut_snippet("前" * 100 + "予約" + "後" * 200, ("予約",))
    assert long is not None
    assert long.text == "…" + "前" * 24 + "予約" + "後" * 94 + "…"
    assert long.text[slice(*long.hits[0])] == "予約"


@pytest.mark.parametrize("is_sealed", [False, True])
def test_nothing_is_found_behind_the_wall(store: Store, talk: str, *, is_sealed: bool) -> None:
    if is_sealed:
        seal(store)
    only_second = Scope("somebody", frozenset({"second"}))

    assert texts_found(store, "予約") == ["別の店のカット予約", TEXTS[0]]
    assert texts_found(store, "予約", scope=only_second) == ["別の店のカット予約"]
    assert texts_found(store, "予約", account="main") == [TEXTS[0]]
    assert texts_found(store, "予約", scope=only_second, account="main") == []
    assert texts_found(store, "予約", scope=Scope("somebody", frozenset())) == []


@pytest.mark.parametrize("most", [2, 1_000])
def test_pages_go_on_over_the_edge_of_a_stretch_and_after_many_comparisons(
    store: Store, now: datetime, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(finding, "FIRST_COMPARED", 2)
    monkeypatch.setattr(finding, "MOST_COMPARED", most)

    def write(db: Session, numbers: range) -> None:
        account = given.an_account(db, now) if numbers.start == 0 else given.the_account(db)
        for number in numbers:
            # Its pairs are there in every text, the whole word in one of three.
            word = "あいう" if number % 3 == 0 else "あい、いう"
            given.a_message(db, account, f"{word} {number}番", now, number)

    for first in (0, 8, 16):
        store.write(lambda db, first=first: write(db, range(first, first + 8)))
        if first < 16:
            seal(store)

    expected = [f"あいう {number}番" for number in range(23, -1, -1) if number % 3 == 0]
    assert texts_found(store, "あいう") == expected
    pages = [find_page(store, "あいう", None)]
    while pages[-1][1] is not None:
        pages.append(find_page(store, "あいう", pages[-1][1]))
    was_put_off = any(len(page) < 3 for page, _ in pages[:-1])
    assert was_put_off is (most == 2), "one request compares only so many"
    with pytest.raises(NotFound):
        find_page(store, "あいう", "not-a-cursor")


def find_page(store: Store, query: str, cursor: str | None) -> tuple[list[str], str | None]:
    wanted = Wanted(read_words(query), "message")
    page, following = store.read(lambda db: find_rows(db, EVERYTHING, wanted, cursor, 3))
    return [one.row_id for one in page], following


@pytest.mark.parametrize("is_sealed", [False, True])
def test_what_the_customer_took_back_leaves_nothing_behind(
    store: Store, talk: str, now: datetime, *, is_sealed: bool
) -> None:
    if is_sealed:
        seal(store)
    keys = keys_of("message", "main", pairs(fold(TEXTS[1])))
    assert texts_found(store, "駐車場") == [TEXTS[1]]
    assert bool(postings_of(store, keys)) is is_sealed

    store.write(lambda db: unsend(db, db.get_one(Conversation, talk), "1", now))

    assert texts_found(store, "駐車場") == []
    assert texts_found(store, "15時") == [TEXTS[0]]
    left = keys - keys_of(
        "message", "main", {p for t in (*TEXTS[:1], *TEXTS[2:]) for p in pairs(fold(t))}
    )
    assert left
    assert postings_of(store, left) == []
    kept = store.read(lambda db: db.scalars(select(col(SearchText.folded))).all())
    assert not [folded for folded in kept if "駐車" in folded]


def postings_of(store: Store, keys: set[int]) -> list[bytes]:
    rows = store.read(lambda db: db.scalars(select(SearchPosting)).all())
    by_bucket = {row.bucket: row.postings for row in rows}
    data = [read(by_bucket[bucket_of(key)], key) for key in keys if bucket_of(key) in by_bucket]
    return [one for one in data if one]


def test_a_pair_that_is_in_nearly_every_text_is_one_bit_for_each(
    store: Store, now: datetime
) -> None:
    count = 1_100

    def work(db: Session) -> None:
        talk = given.a_talk(db, given.an_account(db, now), now)
        for number in range(count):
            given.a_line(db, talk, f"です{number}番", now, str(number))

    store.write(work)
    seal(store)
    (data,) = postings_of(store, keys_of("message", "main", {"です"}))
    assert len(data) == STRETCH // 8

    talk_id = store.read(lambda db: db.scalars(select(col(Conversation.id))).one())
    store.write(lambda db: unsend(db, db.get_one(Conversation, talk_id), "7", now))

    assert len(found(store, "です")) == count - 1
    assert texts_found(store, "です7番") == []
    assert texts_found(store, "です8番") == ["です8番"]


def test_an_erasure_while_a_stretch_is_sealed_begins_it_anew(
    store: Store, talk: str, now: datetime
) -> None:
    store.write(fill_stretch)
    first = sealing.seal_next(store, LATER)
    assert [next(first) for _ in range(3)] == [False] * 3
    assert list(sealing.seal_next(store, LATER)) == [], "a second worker leaves it to the first"

    later = LATER + timedelta(hours=1)  # the first one is gone
    second = sealing.seal_next(store, later)
    next(second)
    assert not any(first), "who comes back after so long has nothing to say"
    store.write(lambda db: unsend(db, db.get_one(Conversation, talk), "1", now))
    assert list(second)[-1] is False
    assert (
        store.read(lambda db: db.scalars(select(func.count(col(SearchPosting.bucket)))).one()) == 0
    )

    assert sealing.seal_all(store, lambda: later) == 1
    assert store.read(lambda db: [s.is_sealed for s in db.scalars(select(SearchStretch))]) == [True]
    assert texts_found(store, "駐車場") == []
    assert texts_found(store, "15時") == [TEXTS[0]]
    assert sealing.find_full(store) is None


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_sealing_waits_for_a_long_writer_without_stopping_the_others(
    store: Store, talk: str, database_url: str
) -> None:
    store.write(fill_stretch)
    writer = create_engine(database_url)
    with writer.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO search_text (account_id, kind, row_id, folded)"
            " VALUES ('main', 'message', 'long', '長い話')"
        )
        steps = sealing.seal_next(store, LATER)
        assert [next(steps), next(steps)] == [False, False]
        store.write(lambda db: findable.keep(db, "main", "message", "quick", "短い話"))
        assert found(store, "短い") == ["quick"]
    writer.dispose()

    assert any(steps)
    assert found(store, "長い") == ["long"]


def test_a_person_is_found_by_their_names_and_how_to_reach_them(
    store: Store, talk: str, now: datetime
) -> None:
    def names(query: str, **more: Any) -> list[tuple[str, str]]:
        wanted = Wanted(read_words(query), "customer", **more)
        rows, _ = store.read(lambda db: hits.list_hits(db, EVERYTHING, wanted, None, 20))
        return [(row["account"], row["text"]) for row in rows]

    def change(*changes: tuple[str, Any]) -> None:
        todo = [FieldChange(key, value, {}) for key, value in changes]
        store.write(lambda db: customers.set_fields(db, person, todo, journal.BOT, now))

    person, friend = store.read(
        lambda db: (c := db.get_one(Conversation, talk)) and (c.customer_id, c.friend_id)
    )
    profile = {"displayName": "ﾊﾅｺ🌸"}
    store.write(lambda db: customers.set_profile(db, db.get_one(Friend, friend), profile, now))
    assert names("はなこ") == [("main", "ﾊﾅｺ🌸")]
    store.write(lambda db: customers.rename(db, person, "山田 花子", journal.BOT, now))
    assert names("山田花子") == names("ハナコ") == [("main", "山田 花子 / ﾊﾅｺ🌸")]
    assert names("山田花子", account="second") == []

    change(("phone", "090-1234-5678"), ("mail", "hanako@example.com"), ("likes", "秘密の話"))
    for query in ("09012345678", "0901234", "HANAKO@", "花子 5678"):
        assert len(names(query)) == 1, query
    assert names("秘密") == []
    seal(store)
    change(("phone", None))
    assert names("0901234") == []
    assert names("hanako@") == [("main", "山田 花子 / ﾊﾅｺ🌸 / hanako@example.com")]
    store.write(lambda db: customers.rename(db, person, None, journal.BOT, now))
    assert names("山田") == []
    assert store.read(lambda db: db.get_one(Customer, person).name) is None


def test_a_friend_of_a_second_account_is_found_there_as_well(store: Store, now: datetime) -> None:
    def work(db: Session) -> None:
        main = given.an_account(db, now)
        talk = given.a_talk(db, main, now)
        customers.rename(db, talk.customer_id, "見本 花子", journal.BOT, now)
        customers.find_or_create_friend(db, given.an_account(db, now, "second"), given.USER, now)

    store.write(work)

    wanted = Wanted(read_words("花子"), "customer")
    rows, _ = store.read(lambda db: hits.list_hits(db, EVERYTHING, wanted, None, 20))
    assert [(row["account"], row["conversation_id"] is None) for row in rows] == [
        ("second", True),
        ("main", False),
    ]


def test_a_hit_says_who_said_it_when_and_where_the_words_stand(
    store: Store, talk: str, now: datetime
) -> None:
    def work(db: Session) -> None:
        operator = given.an_operator(db, now)
        notes.add_note(db, talk, operator, "n1", "いつもカットのあとにカラー", now=now)

    store.write(work)

    def of(kind: str, query: str) -> list[dict[str, Any]]:
        wanted = Wanted(read_words(query), kind)
        return store.read(lambda db: hits.list_hits(db, EVERYTHING, wanted, None, 20))[0]

    (message,) = of("message", "カット 15時")
    (note,) = of("note", "カッ")
    shown = [message["text"][start:end] for start, end in message["hits"]]
    assert shown == ["15時", "ｶｯﾄ"]
    assert (message["sender"], message["seq"], message["conversation_id"]) == ("customer", 1, talk)
    assert note["hits"] == [[3, 5]]
    assert (note["operator_name"], note["seq"]) == ("見本スタッフA", 4)
    assert of("note", "駐車") == []


def test_the_file_itself_forgets(tmp_path: Path, migrated_sqlite: Path, now: datetime) -> None:
    path = tmp_path / "madoguchi.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    store = open_store(f"sqlite:///{path}")
    secret, kept = "鼈甲飴の秘密", "残る言葉"

    def work(db: Session) -> None:
        given.an_account(db, now)
        findable.keep(db, "main", "message", "m1", secret)
        findable.keep(db, "main", "message", "m2", kept)

    store.write(work)
    checkpoint(store)
    assert fold(secret).encode() in path.read_bytes()

    store.write(lambda db: findable.forget(db, "message", ["m1"]))
    checkpoint(store)
    store.close()
    assert fold(secret).encode() not in path.read_bytes()
    assert fold(kept).encode() in path.read_bytes()


def checkpoint(store: Store) -> None:
    """Everything that was committed goes from the log into the file."""
    engine = create_engine(store.read(lambda db: db.get_bind().engine.url))
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


def test_many_texts_are_forgotten_at_once(store: Store, now: datetime) -> None:
    def write(db: Session, numbers: range) -> None:
        for number in numbers:
            findable.keep(db, "main", "note", f"n{number}", f"ノートその{number}です")

    store.write(lambda db: given.an_account(db, now))
    store.write(lambda db: write(db, range(1_500)))
    seal(store)
    store.write(lambda db: write(db, range(1_500, 1_510)))
    assert len(found(store, "その12", "note")) == 111

    gone = [f"n{number}" for number in range(1, 1_510)]
    store.write(lambda db: findable.forget(db, "note", gone))

    assert found(store, "その", "note") == ["n0"]
    texts = {f"ノートその{number}です" for number in range(1, 1_510)}
    left = {p for text in texts for p in pairs(fold(text))} - pairs(fold("ノートその0です"))
    assert postings_of(store, keys_of("note", "main", left)) == []
