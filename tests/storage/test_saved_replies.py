"""Saved replies: walls, shortcuts, versions and what is put back, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from sqlmodel import Session

from storage import saved_replies
from storage.conversations import Scope
from storage.refusals import AlreadyThere, LostRace, NotFound, OfEveryAccount
from storage.saved_replies import Written
from storage.unit import Store
from tests import given

ALL = Scope("anybody")
MAIN = Scope("of main", frozenset({"main"}))


@pytest.fixture
def replies(store: Store, now: datetime) -> dict[str, str]:
    """One for every account, one for each of two; their ids by title."""

    def work(db: Session) -> dict[str, str]:
        given.an_account(db, now)
        given.an_account(db, now, "other", provider="別の見本")
        kept = [
            Written("お礼", "ありがとうございます", "thanks"),
            Written("駐車場", "裏に3台ございます", "P", "main"),
            Written("別の店", "別の店です", "P", "other"),
        ]
        found = [saved_replies.add_reply(db, ALL, one, now) for one in kept]
        return {one.title: one.id for one in found}

    return store.write(work)


def titles(store: Store, scope: Scope, account: str | None = None) -> list[str]:
    return store.read(
        lambda db: [one.title for one in saved_replies.list_replies(db, scope, account)]
    )


def test_a_list_ends_at_the_wall_and_begins_with_what_is_used_most(
    store: Store, replies: dict[str, str], now: datetime
) -> None:
    def use(db: Session) -> None:
        for _ in range(2):
            saved_replies.count_use(db, saved_replies.get_reply(db, MAIN, replies["駐車場"]), now)

    store.write(use)

    assert titles(store, MAIN) == ["駐車場", "お礼"]
    assert titles(store, ALL, "other") == ["お礼", "別の店"]
    assert titles(store, MAIN, "other") == ["お礼"]
    with pytest.raises(NotFound):
        store.read(lambda db: saved_replies.get_reply(db, MAIN, replies["別の店"]))


def test_who_sees_one_account_changes_what_serves_it_alone(
    store: Store, replies: dict[str, str], now: datetime
) -> None:
    def change(reply_id: str, account: str | None) -> None:
        new = Written("新しい題", "新しい文", None, account)
        store.write(lambda db: saved_replies.change_reply(db, MAIN, reply_id, new, 1, now))

    with pytest.raises(OfEveryAccount):
        change(replies["お礼"], "main")
    with pytest.raises(OfEveryAccount):
        change(replies["駐車場"], None)
    with pytest.raises(NotFound):
        change(replies["駐車場"], "other")
    with pytest.raises(NotFound):
        change(replies["別の店"], "main")
    with pytest.raises(OfEveryAccount):
        store.write(lambda db: saved_replies.remove_reply(db, MAIN, replies["お礼"], 1, now))
    change(replies["駐車場"], "main")

    assert titles(store, ALL) == ["お礼", "別の店", "新しい題"]


def test_a_shortcut_is_taken_where_both_would_be_offered(
    store: Store, replies: dict[str, str], now: datetime
) -> None:
    def add(shortcut: str, account: str | None) -> None:
        new = Written("もう一つ", "文", shortcut, account)
        store.write(lambda db: saved_replies.add_reply(db, ALL, new, now))

    for shortcut, account in (("p", "main"), ("p", None), ("THANKS", "other")):
        with pytest.raises(AlreadyThere):
            add(shortcut, account)
    add("q", "main")
    add("q", "other")

    with pytest.raises(AlreadyThere) as refused:
        add("Q", None)
    assert refused.value.details == {"title": "もう一つ"}


def test_what_was_removed_is_put_back_unless_its_shortcut_is_taken(
    store: Store, replies: dict[str, str], now: datetime
) -> None:
    parking = replies["駐車場"]
    store.write(lambda db: saved_replies.remove_reply(db, MAIN, parking, 1, now))
    assert titles(store, MAIN) == ["お礼"]
    with pytest.raises(NotFound):
        store.write(lambda db: saved_replies.remove_reply(db, MAIN, parking, 2, now))

    store.write(lambda db: saved_replies.restore_reply(db, MAIN, parking, now))
    store.write(lambda db: saved_replies.restore_reply(db, MAIN, parking, now))  # a second click

    back = store.read(lambda db: saved_replies.get_reply(db, MAIN, parking))
    assert (back.text, back.shortcut, back.version) == ("裏に3台ございます", "P", 3)
    store.write(lambda db: saved_replies.remove_reply(db, MAIN, parking, 3, now))
    new = Written("駐輪場", "表にございます", "p", "main")
    store.write(lambda db: saved_replies.add_reply(db, MAIN, new, now))
    with pytest.raises(AlreadyThere):
        store.write(lambda db: saved_replies.restore_reply(db, MAIN, parking, now))


def test_of_two_writers_the_later_is_told_and_both_uses_count(
    store: Store, replies: dict[str, str], now: datetime
) -> None:
    def write(text: str) -> str:
        new = Written("お礼", text, "thanks")
        try:
            store.write(
                lambda db: saved_replies.change_reply(db, ALL, replies["お礼"], new, 1, now)
            )
        except LostRace as error:
            return f"lost to {error.details['version']}"
        return text

    def use(_: int) -> None:
        store.write(
            lambda db: saved_replies.count_use(
                db, saved_replies.get_reply(db, ALL, replies["お礼"]), now
            )
        )

    with ThreadPoolExecutor(4) as pool:
        written = list(pool.map(write, ["一", "二", "三", "四"]))
        list(pool.map(use, range(8)))

    (winner,) = [text for text in written if text != "lost to 2"]
    kept = store.read(lambda db: saved_replies.get_reply(db, ALL, replies["お礼"]))
    assert (kept.text, kept.version, kept.uses, kept.used_at) == (winner, 2, 8, now)
