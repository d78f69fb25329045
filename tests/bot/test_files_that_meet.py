"""The very same file goes and comes at the same moment: no row tells of a file that is gone."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot.fetching import FETCHES
from bot.line_client import Content
from bot.media import drop_uploads, erase_media, fetch_media, tend_files
from bot.media_folder import MediaFolder
from storage import contents, uploads
from storage.jobs import Stored
from storage.models.talks import Media
from storage.models.uploads import Upload
from storage.unit import Store
from tests import given
from tests.bot.shelf import Shelf, a_shelf


@pytest.fixture
def shelf(store: Store, tmp_path: Path) -> Iterator[Shelf]:
    with a_shelf(store, tmp_path / "media") as shelf:
        yield shelf


def meanwhile(shelf: Shelf, work: Callable[[], Any]) -> None:
    """What another worker does, once, when a file has come and no row tells of it yet."""
    works = [work]

    class Folder(MediaFolder):
        def keep(self, content: Content) -> Stored:
            stored = super().keep(content)
            while works:
                works.pop()()
            return stored

    shelf.means = replace(shelf.means, media=Folder(shelf.folder))


def test_a_file_that_is_taken_back_and_sent_again_is_never_lost(shelf: Shelf) -> None:
    first = shelf.sent("file", b"same")
    shelf.fetch()
    shelf.store.write(lambda db: shelf.unsend(db, first))
    shelf.sent("file", b"same")
    meanwhile(shelf, lambda: erase_media(shelf.means))

    gone = shelf.fetch(1)
    assert (gone.state, shelf.kept()) == ("pending", [])
    ready = shelf.fetch()

    assert ready.state == "ready"
    assert [path.name for path in shelf.kept()] == [ready.sha256]


def test_a_file_that_staff_drop_while_a_customer_sends_it_is_never_lost(shelf: Shelf) -> None:
    sha256 = a_dropped_upload(shelf, b"same")
    shelf.sent("file", b"same")
    meanwhile(shelf, lambda: drop_uploads(shelf.means))

    assert shelf.fetch(1).state == "pending"

    assert shelf.fetch().state == "ready"
    assert [path.name for path in shelf.kept()] == [sha256]


def a_dropped_upload(shelf: Shelf, content: bytes) -> str:
    """What a member of staff gave and withdrew at once; the hash of its content."""
    shelf.sent("file", content)
    sha256 = shelf.fetch().sha256 or ""

    def work(db: Session) -> None:
        media = db.scalars(select(Media)).one()
        media.state, media.sha256, media.due_at = "expired", None, None
        talk = given.a_talk(db, given.the_account(db), shelf.now, shelf.user)
        kept = uploads.Kept("file", "見本.txt", "text/plain", len(content), sha256)
        by = given.an_operator(db, shelf.now).id
        upload = uploads.keep_upload(db, uploads.place_in(talk), by, "u1", kept, shelf.now)
        uploads.withdraw(db, upload, shelf.now)
        db.add(media)

    shelf.store.write(work)
    return sha256


def use(shelf: Shelf, db: Session, upload: Upload) -> None:
    talk = given.a_talk(db, given.the_account(db), shelf.now, shelf.user)
    uploads.use(db, talk.account_id, [upload.id], shelf.now)


def give_again(shelf: Shelf, db: Session, upload: Upload) -> None:
    uploads.stays(db, upload, shelf.now)


def send_later(shelf: Shelf, db: Session, upload: Upload) -> None:
    uploads.keep_until_sent(db, upload, shelf.now)


@pytest.mark.parametrize("deed", [use, give_again, send_later])
def test_what_is_used_between_the_claim_and_the_drop_stays(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, deed: Callable[[Shelf, Session, Upload], None]
) -> None:
    sha256 = a_dropped_upload(shelf, b"same")
    claim = uploads.claim_droppings

    def then_used(db: Session, *given: Any) -> list[uploads.Dropping]:
        claimed = claim(db, *given)
        deed(shelf, db, db.scalars(select(Upload)).one())
        return claimed

    monkeypatch.setattr(uploads, "claim_droppings", then_used)
    drop_uploads(shelf.means)

    assert [path.name for path in shelf.kept()] == [sha256]
    assert shelf.store.read(lambda db: db.scalars(select(Upload)).one()).dropped_at is None
    monkeypatch.undo()
    shelf.now += uploads.FILE_LASTS + uploads.DAY
    assert drop_uploads(shelf.means) == 1
    assert shelf.kept() == []


def test_what_two_uploads_share_goes_with_the_last_of_them(shelf: Shelf) -> None:
    sha256 = a_dropped_upload(shelf, b"same")

    def another(db: Session) -> None:
        one = db.scalars(select(Upload)).one()
        kept = uploads.Kept("file", "見本.txt", "text/plain", 4, sha256)
        talk = given.a_talk(db, given.the_account(db), shelf.now, shelf.user)
        other = uploads.keep_upload(
            db, uploads.place_in(talk), one.operator_id, "u2", kept, shelf.now
        )
        uploads.withdraw(db, other, shelf.now)

    shelf.store.write(another)

    assert drop_uploads(shelf.means) == 2
    assert shelf.kept() == []
    rows = shelf.store.read(lambda db: list(db.scalars(select(col(Upload.dropped_at)))))
    assert None not in rows


def test_who_takes_a_file_away_waits_until_its_row_is_written(shelf: Shelf) -> None:
    first = shelf.sent("file", b"same")
    sha256 = shelf.fetch().sha256 or ""
    shelf.store.write(lambda db: shelf.unsend(db, first))
    second = shelf.sent("file", b"same")
    erasing = Thread(target=erase_media, args=(shelf.means,))

    def record(db: Session) -> None:
        contents.hold(db, sha256)
        erasing.start()
        erasing.join(0.2)  # it would be over by then
        media = db.scalars(select(Media).where(Media.line_message_id == second)).one()
        media.state, media.sha256, media.due_at = "ready", sha256, None
        db.add(media)

    shelf.store.write(record)
    erasing.join()

    assert [path.name for path in shelf.kept()] == [sha256]


def test_in_one_worker_files_come_and_go_in_turn(shelf: Shelf) -> None:
    assert tend_files in FETCHES
    assert not {fetch_media, erase_media, drop_uploads} & set(FETCHES)
    first = shelf.sent("file", b"same")
    shelf.store.write(lambda db: shelf.unsend(db, first))
    shelf.sent("file", b"other")

    assert tend_files(shelf.means) == 1
    assert tend_files(shelf.means) == 0
    assert len(shelf.kept()) == 1
