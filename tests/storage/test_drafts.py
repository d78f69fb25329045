"""Drafts: the newest text counts, no text is lost, and nobody reads what was not shared."""

from datetime import datetime, timedelta

import pytest

from storage import drafts, journal
from storage.drafts import Settling, Written
from storage.models.drafting import Draft
from storage.models.operators import Operator
from storage.models.talks import Conversation
from storage.refusals import NotFound
from storage.unit import Store
from tests import given

SECOND = timedelta(seconds=1)


class Counter:
    """A talk, and two of its staff."""

    def __init__(self, store: Store, now: datetime) -> None:
        self.store, self.now = store, now

        def furnish(db) -> tuple[Conversation, Operator, Operator]:
            talk = given.a_waiting_talk(db, given.an_account(db, now), now)
            return talk, given.an_operator(db, now), given.an_operator(db, now, "見本スタッフB")

        self.talk, self.writer, self.colleague = store.write(furnish)
        self.head = self.store.read(lambda db: journal.heads(db, ["main"]))["main"]

    def save(self, text: str, device: str = "page-a", base: int = 0) -> Draft:
        self.now += SECOND
        written = Written("reply", text, device, base)
        return self.store.write(
            lambda db: drafts.save(db, self.talk, self.writer, written, self.now)
        )

    def told(self) -> list[tuple[str, str]]:
        entries = self.store.read(lambda db: journal.tail(db, "main", self.head)).entries
        return [(entry.kind, entry.payload["draft"]["text"]) for entry in entries]


@pytest.fixture
def counter(store: Store, now: datetime) -> Counter:
    return Counter(store, now)


def test_one_page_writes_on_and_the_newest_text_counts(counter: Counter) -> None:
    counter.save("こん")
    counter.save("こんにちは", base=0)  # the answer to the first save has not come yet
    draft = counter.save("今日は", base=2)

    assert (draft.text, draft.version, draft.others) == ("今日は", 3, [])
    assert counter.save("今日は", base=3).version == 3  # nothing new
    assert counter.told() == []  # nobody else reads it


def test_the_text_of_another_page_is_laid_aside_and_offered(counter: Counter) -> None:
    counter.save("店から書いた文", "page-a")

    draft = counter.save("家から書いた文", "page-b")

    assert draft.text == "家から書いた文"
    assert [(o["device"], o["text"]) for o in draft.others] == [("page-a", "店から書いた文")]
    draft = counter.save("店から書いた文の続き", "page-a", base=1)
    assert [o["text"] for o in draft.others] == ["家から書いた文"]  # each page once, its newest

    settling = Settling("reply", "page-b", takes=True)
    swapped = counter.store.write(
        lambda db: drafts.settle(db, counter.talk, counter.writer, settling, counter.now)
    )
    assert swapped.text == "家から書いた文"
    assert [o["text"] for o in swapped.others] == ["店から書いた文の続き"]
    dropped = counter.store.write(
        lambda db: drafts.settle(
            db, counter.talk, counter.writer, Settling("reply", "page-a", takes=False), counter.now
        )
    )
    assert (dropped.text, dropped.others) == ("家から書いた文", [])
    with pytest.raises(NotFound):
        counter.store.write(
            lambda db: drafts.settle(db, counter.talk, counter.writer, settling, counter.now)
        )


def test_what_the_new_text_begins_with_or_has_seen_is_not_another(counter: Counter) -> None:
    counter.save("ご予約", "page-a")
    assert counter.save("ご予約を承りました", "page-b").others == []

    assert counter.save("別の文", "page-a", base=2).others == []  # it had seen the second one


def test_a_shared_draft_is_told_with_its_words_and_taken_once(counter: Counter) -> None:
    store, talk = counter.store, counter.talk
    draft_id = counter.save("お調べして、").id
    with pytest.raises(NotFound):
        store.write(lambda db: drafts.take_over(db, talk, counter.colleague, draft_id, counter.now))

    store.write(lambda db: drafts.share(db, talk, counter.writer, "reply", None, counter.now))
    counter.save("お調べして、ご連絡します")
    assert [d.text for d in store.read(lambda db: drafts.shared_drafts(db, talk))] == [
        "お調べして、ご連絡します"
    ]
    _, words = store.write(
        lambda db: drafts.take_over(db, talk, counter.colleague, draft_id, counter.now)
    )

    assert words == "お調べして、ご連絡します"
    assert counter.told() == [
        ("draft.shared", "お調べして、"),
        ("draft.changed", "お調べして、ご連絡します"),
        ("draft.taken", ""),
    ]
    with pytest.raises(NotFound):
        store.write(lambda db: drafts.take_over(db, talk, counter.colleague, draft_id, counter.now))
    own = store.read(lambda db: drafts.own_drafts(db, talk, counter.writer.id))
    assert own["reply"].text == words  # the writer's own copy stays


def test_an_emptied_draft_is_shared_no_more_and_an_empty_one_cannot_be(counter: Counter) -> None:
    store, talk = counter.store, counter.talk
    counter.save("途中")
    store.write(lambda db: drafts.share(db, talk, counter.writer, "reply", None, counter.now))

    counter.save("")

    assert counter.told()[-1] == ("draft.unshared", "")
    assert store.read(lambda db: drafts.shared_drafts(db, talk)) == []
    with pytest.raises(NotFound):
        store.write(lambda db: drafts.share(db, talk, counter.writer, "reply", None, counter.now))
    assert store.read(lambda db: drafts.all_own(db, counter.writer.id, None)) == []
