"""Saved views: one's own and shared ones, in order, behind the wall, gone and back."""

from datetime import datetime
from typing import Any

import pytest

from storage import saved_views
from storage.refusals import AlreadyThere, LostRace, NotFound, OfEveryAccount, TooManyViews
from storage.saved_views import Kept
from storage.talk_filters import Scope
from storage.unit import Store
from tests import given


@pytest.fixture
def scopes(store: Store, now: datetime) -> tuple[Scope, Scope]:
    """Somebody who sees everything, and somebody who sees `second` alone."""

    def work(db: Any) -> tuple[str, str]:
        given.an_account(db, now)
        given.an_account(db, now, "second", provider="別会社")
        return given.an_operator(db, now).id, given.an_operator(db, now, "見本スタッフB").id

    one, other = store.write(work)
    return Scope(one), Scope(other, frozenset({"second"}))


def add(store: Store, scope: Scope, now: datetime, name: str, **more: Any) -> Any:
    kept = Kept(name, {"view": "waiting"}, **more)
    return store.write(lambda db: saved_views.add_view(db, scope, kept, now))


def names(store: Store, scope: Scope) -> list[str]:
    return [view.name for view in store.read(lambda db: saved_views.list_views(db, scope))]


def test_ones_own_come_first_and_shared_ones_stand_behind_the_wall(
    store: Store, scopes: tuple[Scope, Scope], now: datetime
) -> None:
    one, other = scopes
    add(store, one, now, "皆で見る", is_shared=True)
    add(store, one, now, "本店", account="main", is_shared=True)
    add(store, one, now, "二号店", account="second", is_shared=True)
    add(store, one, now, "自分の")
    add(store, other, now, "自分の")

    assert names(store, one) == ["自分の", "皆で見る", "本店", "二号店"]
    assert names(store, other) == ["自分の", "皆で見る", "二号店"]
    with pytest.raises(OfEveryAccount):
        add(store, other, now, "広すぎる", is_shared=True)
    with pytest.raises(NotFound):
        add(store, other, now, "壁の向こう", account="main")
    with pytest.raises(NotFound):
        add(store, one, now, "ない店", account="nowhere")


def test_a_name_is_taken_once_and_there_is_a_limit(
    store: Store, scopes: tuple[Scope, Scope], now: datetime
) -> None:
    one, _ = scopes
    add(store, one, now, "VIP")
    with pytest.raises(AlreadyThere):
        add(store, one, now, "vip")
    add(store, one, now, "VIP", is_shared=True)

    for number in range(saved_views.MOST - 1):
        add(store, one, now, f"{number}")
    with pytest.raises(TooManyViews):
        add(store, one, now, "もう一つ")


def test_it_is_changed_by_whoever_read_the_newest(
    store: Store, scopes: tuple[Scope, Scope], now: datetime
) -> None:
    one, other = scopes
    made = add(store, one, now, "VIP")

    def change(name: str, version: int, **more: Any) -> Any:
        def work(db: Any) -> Any:
            view = saved_views.get_view(db, one, made.id)
            kept = Kept(name, {"view": "mine"}, **more)
            return saved_views.change_view(db, one, view, kept, version, now)

        return store.write(work)

    assert change("VIPのお客様", 1).version == 2
    with pytest.raises(LostRace):
        change("別の名前", 1)
    assert names(store, other) == []
    assert change("VIPのお客様", 2, is_shared=True).is_shared
    assert names(store, other) == ["VIPのお客様"]
    assert change("VIPのお客様", 3).owner_id == one.operator_id
    assert names(store, other) == []
    with pytest.raises(NotFound):
        store.write(lambda db: saved_views.get_view(db, other, made.id))


def test_what_was_removed_can_be_put_back_unless_its_name_is_taken(
    store: Store, scopes: tuple[Scope, Scope], now: datetime
) -> None:
    one, _ = scopes
    made = add(store, one, now, "VIP")

    def remove(db: Any) -> None:
        view = saved_views.get_view(db, one, made.id)
        saved_views.remove_view(db, one, view, view.version, now)

    def restore(db: Any) -> Any:
        return saved_views.restore_view(db, one, saved_views.get_view(db, one, made.id), now)

    store.write(remove)
    assert names(store, one) == []
    with pytest.raises(NotFound):
        store.write(remove)
    store.write(restore)
    assert names(store, one) == ["VIP"]
    version = store.write(restore).version
    assert store.write(restore).version == version, "what is there is left as it is"

    store.write(remove)
    add(store, one, now, "VIP")
    with pytest.raises(AlreadyThere):
        store.write(restore)


def test_the_order_is_ones_own(store: Store, scopes: tuple[Scope, Scope], now: datetime) -> None:
    one, other = scopes
    ids = {name: add(store, one, now, name).id for name in ("a", "b", "c")}
    theirs = add(store, other, now, "d").id

    def order(*wanted: str) -> None:
        store.write(lambda db: saved_views.order_views(db, one, wanted, is_shared=False))

    order(ids["c"], ids["a"])
    assert names(store, one) == ["c", "a", "b"]
    with pytest.raises(NotFound):
        order(theirs)
    add(store, one, now, "e")
    assert names(store, one) == ["c", "a", "b", "e"]
