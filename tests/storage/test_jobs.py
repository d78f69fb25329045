"""Profiles and files: fetched beside the talk, tried again, given up in the open."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from storage import jobs
from storage.incoming import Incoming, receive, unsend
from storage.jobs import Stored
from storage.models.people import Account, Friend
from storage.models.talks import Media, Message
from storage.rows import message_row
from storage.talks import lock
from storage.unit import Store
from tests import given

HOUR = timedelta(hours=1)


@pytest.fixture
def talk(store: Store, now: datetime) -> str:
    """A talk in which the customer sent a picture."""

    def work(db) -> str:
        account = given.an_account(db, now)
        conversation = given.a_talk(db, account, now)
        arrival = given.an_arrival(db, account, given.a_text_event("画像"), now)
        incoming = Incoming("file", {}, now, None, "1", {"file_name": "絵.png"})
        receive(db, conversation, incoming, arrival, now)
        return conversation.id

    return store.write(work)


def test_a_profile_is_fetched_once_it_answers(store: Store, now: datetime, talk: str) -> None:
    (job,) = store.write(lambda db: jobs.claim_profiles(db, now, 9))
    assert store.write(lambda db: jobs.claim_profiles(db, now, 9)) == []
    (again,) = store.write(lambda db: jobs.claim_profiles(db, now + HOUR, 9))
    assert (again, job.line_user_id) == (job, given.USER)

    found = {"displayName": "はなこ", "pictureUrl": "https://example.com/p"}
    store.write(lambda db: jobs.record_profile(db, job.friend_id, found, now))

    assert store.write(lambda db: jobs.claim_profiles(db, now + 99 * HOUR, 9)) == []
    friend = store.read(lambda db: db.exec(select(Friend)).one())
    assert (friend.display_name, friend.profile_at) == ("はなこ", now)


def test_a_profile_that_line_does_not_give_is_given_up(
    store: Store, now: datetime, talk: str
) -> None:
    (job,) = store.write(lambda db: jobs.claim_profiles(db, now, 9))

    store.write(lambda db: jobs.record_profile(db, job.friend_id, None, now))

    assert store.write(lambda db: jobs.claim_profiles(db, now + 99 * HOUR, 9)) == []


def test_a_profile_without_an_answer_is_tried_eight_times(
    store: Store, now: datetime, talk: str
) -> None:
    tries = 0
    for days in range(1, 20):
        later = now + timedelta(days=days)
        tries += len(store.write(lambda db, at=later: jobs.claim_profiles(db, at, 9)))
    assert tries == jobs.MAX_TRIES


def test_a_file_is_fetched_and_shown(store: Store, now: datetime, talk: str) -> None:
    (job,) = store.write(lambda db: jobs.claim_media(db, now, 9))
    assert (job.line_message_id, job.kind) == ("1", "file")

    result = Stored("ab" * 32, "image/png", 1234)
    store.write(lambda db: jobs.record_media(db, job.media_id, result, now))

    row = store.read(lambda db: message_row(db, db.exec(select(Message)).one()))
    assert row["media"] == {
        "id": job.media_id,
        "state": "ready",
        "mime": "image/png",
        "file_name": "絵.png",
        "size_bytes": 1234,
    }
    assert store.write(lambda db: jobs.claim_media(db, now + 99 * HOUR, 9)) == []


def test_a_file_that_never_comes_fails_in_the_open(store: Store, now: datetime, talk: str) -> None:
    later = now
    for _ in range(jobs.MAX_TRIES):
        (job,) = store.write(lambda db, at=later: jobs.claim_media(db, at, 9))
        store.write(lambda db, j=job, at=later: jobs.put_media_off(db, j.media_id, at))
        later += timedelta(days=1)

    assert store.read(lambda db: db.exec(select(Media)).one()).state == "failed"
    assert store.write(lambda db: jobs.claim_media(db, later, 9)) == []


def test_a_file_that_was_taken_back_while_we_fetched_it_stays_away(
    store: Store, now: datetime, talk: str
) -> None:
    (job,) = store.write(lambda db: jobs.claim_media(db, now, 9))
    store.write(lambda db: unsend(db, lock(db, talk), "1", now))

    store.write(lambda db: jobs.record_media(db, job.media_id, Stored("ab", "image/png", 1), now))

    assert store.read(lambda db: db.exec(select(Media)).one()).state == "unsent"
    assert store.read(lambda db: db.get_one(Account, "main")).id == "main"


def test_a_file_that_went_again_at_once_is_asked_for_anew(
    store: Store, now: datetime, talk: str
) -> None:
    (job,) = store.write(lambda db: jobs.claim_media(db, now, 9))
    assert store.write(lambda db: jobs.claim_media(db, now, 9)) == []

    store.write(lambda db: jobs.fetch_soon(db, job.media_id, now))
    assert store.write(lambda db: jobs.claim_media(db, now, 9)) == [job]

    store.write(lambda db: unsend(db, lock(db, talk), "1", now))
    store.write(lambda db: jobs.fetch_soon(db, job.media_id, now))
    assert store.write(lambda db: jobs.claim_media(db, now, 9)) == []


def test_two_events_that_name_one_message_have_one_file(
    store: Store, now: datetime, talk: str
) -> None:
    def again(db) -> None:
        account = given.the_account(db)
        arrival = given.an_arrival(db, account, given.a_text_event("画像", 2), now)
        receive(db, lock(db, talk), Incoming("file", {}, now, None, "1"), arrival, now)

    store.write(again)

    files = store.read(lambda db: db.exec(select(Media)).all())
    lines = store.read(lambda db: db.exec(select(Message)).all())
    assert len(files) == 1
    assert [line.media_id for line in lines] == [files[0].id] * 2
