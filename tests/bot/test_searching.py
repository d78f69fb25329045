"""The running worker makes old texts quick to find, beside its other work."""

from sqlalchemy import func, select
from sqlmodel import col

from storage.models.search import SearchPosting, SearchStretch
from storage.unit import Store
from tests.bot.conftest import Line
from tests.bot.waiting import eventually
from tests.storage.searching import fill_stretch, found

FRIEND = "見本 花子"


def test_a_full_stretch_is_sealed_by_itself_and_talks_go_on(counter: Line, store: Store) -> None:
    user = counter.friend(FRIEND)
    counter.does(user, "follow")
    counter.does(user, "say", text="縮毛矯正の値段")
    eventually(lambda: found(store, "縮毛"), "the message is found at once")

    store.write(fill_stretch)

    def sealed() -> list[bool]:
        return store.read(lambda db: list(db.scalars(select(col(SearchStretch.is_sealed)))))

    eventually(lambda: sealed() == [True], "the stretch is sealed")
    assert store.read(lambda db: db.scalar(select(func.count(col(SearchPosting.bucket)))))
    assert len(found(store, "縮毛")) == 1
    counter.does(user, "say", text="白髪染めの値段")
    eventually(lambda: found(store, "白髪染め"), "the next message is found")
