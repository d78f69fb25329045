"""Files that customers send: fetched when LINE has them, capped, streamed, and told by their bytes."""

import io
import os
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import urllib3
from sqlmodel import select

from bot import media_folder
from bot.line_client import Content
from bot.media import erase_media
from bot.media_folder import MediaFolder, TooLarge, mime_of
from storage.jobs import MAX_TRIES
from storage.models.talks import Media, Message
from storage.unit import Store
from tests.bot.shelf import Shelf, a_shelf

PAGE = b"<html><script>alert(1)</script>"


@pytest.fixture
def shelf(store: Store, tmp_path: Path) -> Iterator[Shelf]:
    with a_shelf(store, tmp_path / "media") as shelf:
        yield shelf


def test_a_file_that_line_still_prepares_is_asked_for_again(shelf: Shelf) -> None:
    shelf.sent("video")

    waiting = shelf.fetch()
    assert (waiting.state, waiting.tries, shelf.kept()) == ("pending", 1, [])
    assert shelf.fetch(1).tries == 1, "not before its time"
    ready = shelf.fetch(1)

    assert (ready.state, ready.due_at) == ("ready", None)
    assert shelf.means.media.place(ready.sha256 or "").stat().st_size == ready.size_bytes
    paths = [call["status"] for call in shelf.simulator.log]
    assert paths == [202, 200]


def test_a_file_that_never_comes_is_given_up_in_the_open(shelf: Shelf) -> None:
    shelf.sent("image")
    fault = {"kind": "error", "path": "/content", "times": 100}
    shelf.app.test_client().post("/sim/v1/faults", json=fault)

    states = [shelf.fetch(40_000).state for _ in range(MAX_TRIES)]

    assert states == ["pending"] * (MAX_TRIES - 1) + ["failed"]
    assert shelf.fetch(40_000).tries == MAX_TRIES


def test_a_file_that_line_has_no_more_is_marked_so(shelf: Shelf) -> None:
    shelf.takes_back(shelf.sent("image"))
    assert shelf.fetch().state == "expired"

    shelf.sent("image")
    shelf.simulator.contents.clear()
    assert shelf.fetch(1).state == "expired"

    assert [call["status"] for call in shelf.simulator.log] == [410, 404]
    assert shelf.kept() == []


def test_a_broken_connection_or_a_limit_only_puts_a_file_off(shelf: Shelf) -> None:
    shelf.sent("image")
    for kind in ("reset_before", "reset_after", "rate"):
        shelf.app.test_client().post("/sim/v1/faults", json={"kind": kind})
        assert shelf.fetch(100).state == "pending"
        assert shelf.kept() == []

    assert shelf.fetch(1000).state == "ready"


def test_a_file_that_is_too_large_is_marked_and_leaves_nothing(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media_folder, "MAX_BYTES", 1000)
    shelf.sent("file", b"x" * 1001)
    assert shelf.fetch().state == "too_large"
    assert shelf.kept() == []

    shelf.sent("file", b"x" * 1000)
    assert shelf.fetch(1).state == "ready"
    assert len(shelf.kept()) == 1


def test_the_same_file_is_kept_once_under_the_hash_of_its_content(shelf: Shelf) -> None:
    shelf.sent("file", b"same")
    first = shelf.fetch()
    shelf.sent("file", b"same")
    second = shelf.fetch(1)

    assert first.sha256 == second.sha256
    assert first.id != second.id
    [path] = shelf.kept()
    assert path.name == first.sha256
    assert first.file_name == "見本.txt", "the name that was given never reaches the disk"


def test_a_page_that_claims_to_be_a_picture_is_none(shelf: Shelf) -> None:
    shelf.sent("image", PAGE, "image/png")

    assert shelf.fetch().mime == "application/octet-stream"


def test_a_file_that_is_taken_back_leaves_the_disk_unless_another_message_has_it(
    shelf: Shelf,
) -> None:
    ids = [shelf.sent("file", b"same")]
    shelf.fetch()
    ids.append(shelf.sent("file", b"same"))
    shelf.fetch(1)

    counts = []
    for message_id in ids:
        shelf.store.write(lambda db, m=message_id: shelf.unsend(db, m))
        assert erase_media(shelf.means) == 1
        assert erase_media(shelf.means) == 0
        counts.append(len(shelf.kept()))

    assert counts == [1, 0]
    rows = shelf.store.read(lambda db: list(db.scalars(select(Media))))
    assert {(row.state, row.sha256) for row in rows} == {("unsent", None)}


def test_what_was_taken_back_while_it_was_fetched_stays_unsent(shelf: Shelf) -> None:
    message_id = shelf.sent("image")

    class Slow(MediaFolder):
        def keep(self, content: Content) -> Any:
            shelf.store.write(lambda db: shelf.unsend(db, message_id))
            return shelf_folder.keep(content)

    shelf_folder = shelf.means.media
    shelf.means = replace(shelf.means, media=Slow(shelf.folder))
    assert shelf.fetch().state == "unsent"
    line = shelf.store.read(lambda db: db.scalars(select(Message)).one())
    assert (line.text, line.content) == (None, {})
    assert erase_media(shelf.means) == 1
    assert shelf.kept() == []


class Zeros(io.RawIOBase):
    """As many zeros as are asked for, none of them kept; how many were read."""

    def __init__(self, size: int) -> None:
        self.left, self.read_count = size, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = min(len(buffer), self.left)
        buffer[:size] = bytes(size)
        self.left -= size
        self.read_count += size
        return size


def from_line(body: Any, **headers: str) -> Content:
    """A file as it comes from LINE, nothing of it read yet."""
    return Content(urllib3.HTTPResponse(body, headers, preload_content=False), "")


def test_what_a_process_that_died_left_half_here_is_swept_away(tmp_path: Path) -> None:
    folder, long_ago = MediaFolder(tmp_path), time.time() - 2 * media_folder.HALF_HERE_S
    left, under_way = tmp_path / ".part-left", tmp_path / ".part-under-way"
    for half in (left, under_way):
        half.write_bytes(b"half")
    os.utime(left, (long_ago, long_ago))

    assert folder.sweep() == 1
    assert list(tmp_path.iterdir()) == [under_way]


def test_a_large_file_goes_to_the_disk_in_pieces(tmp_path: Path) -> None:
    size = 48 * 1024 * 1024
    tracemalloc.start()

    stored = MediaFolder(tmp_path).keep(from_line(Zeros(size)))

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (stored.size_bytes, peak < 4 * 1024 * 1024) == (size, True)
    assert MediaFolder(tmp_path).place(stored.sha256).stat().st_size == size


def test_what_is_over_the_cap_is_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media_folder, "MAX_BYTES", 1024 * 1024)
    zeros = Zeros(100 * 1024 * 1024)

    with pytest.raises(TooLarge):
        MediaFolder(tmp_path).keep(from_line(zeros))

    assert zeros.read_count < 2 * 1024 * 1024
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_begins_in_small_pieces_is_told_all_the_same(shelf: Shelf) -> None:
    class Pieces(urllib3.HTTPResponse):
        def stream(self, *_args: Any, **_kwargs: Any) -> Iterator[bytes]:
            return iter((b"\x89", b"PNG\r", b"", b"\n\x1a\n", b"rest" * 10))

    stored = shelf.means.media.keep(Content(Pieces(b""), ""))

    assert stored.mime == "image/png"


FORMS = [
    (b"\xff\xd8\xff\xe0" + bytes(12), "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n" + bytes(8), "image/png"),
    (b"GIF89a" + bytes(10), "image/gif"),
    (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
    (b"RIFF\x10\0\0\0WAVEfmt ", "audio/wav"),
    (b"\0\0\0\x18ftypM4A \0\0\0\0", "audio/mp4"),
    (b"\0\0\0\x18ftypmp42\0\0\0\0", "video/mp4"),
    (b"\0\0\0\x18ftypheic\0\0\0\0", "image/heic"),
    (b"ID3\x03" + bytes(12), "audio/mpeg"),
    (b"%PDF-1.7\n" + bytes(7), "application/pdf"),
    (PAGE, media_folder.PLAIN),
    (b"<svg xmlns='http://www.w3.org/2000/svg'>", media_folder.PLAIN),
    (b"<script>WEBP*/al", media_folder.PLAIN),
    (b"<!--ftypmp42-->x", media_folder.PLAIN),
    (b"GIF8/*<script>al", media_folder.PLAIN),
    (b"RIFF\x10\0\0\0AVI LIST", media_folder.PLAIN),
    (b"\xff\xd8", media_folder.PLAIN),
    (b"", media_folder.PLAIN),
]


@pytest.mark.parametrize(("head", "mime"), FORMS)
def test_a_file_is_what_its_first_bytes_say(head: bytes, mime: str) -> None:
    assert mime_of(head) == mime
