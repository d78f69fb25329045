"""The history's head, noted each day beside the database, and what it shows."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from bot.audit_anchors import BadAnchors, note_head, read_heads
from storage.audit import COMMAND, START, Deed, note, verify
from storage.models.audit import AuditHead
from storage.unit import Store


def do_something(store: Store, now: datetime, kind: str = "joined") -> None:
    store.write(lambda db: note(db, Deed(kind, COMMAND), now))


def test_a_line_is_added_once_a_day_and_the_history_passes_all_of_them(
    store: Store, now: datetime, tmp_path: Path
) -> None:
    file = tmp_path / "anchors.txt"
    assert read_heads(file) == {}
    assert note_head(store, file, now), "of an empty history too"
    for days in range(1, 4):
        day = now + timedelta(days=days)
        do_something(store, day)
        assert note_head(store, file, day)
        assert not note_head(store, file, day + timedelta(hours=1))
    assert note_head(store, file, now + timedelta(days=4)), "also when nothing was done"

    heads = read_heads(file)

    assert sorted(heads) == [0, 1, 2, 3]
    assert len(file.read_text().splitlines()) == 5
    assert store.read(lambda db: verify(db, noted=heads)).missed is None


def test_a_history_made_anew_or_cut_misses_what_was_noted(
    store: Store, now: datetime, tmp_path: Path
) -> None:
    file = tmp_path / "anchors.txt"
    for days in range(2):
        do_something(store, now)
        note_head(store, file, now + timedelta(days=days))
    heads = read_heads(file)

    def make_anew(db) -> None:
        if db.get_bind().dialect.name == "sqlite":
            db.execute(text("DROP TRIGGER audit_row_no_delete"))
        else:
            db.execute(text("ALTER TABLE audit_row DISABLE TRIGGER ALL"))
        db.execute(text("DELETE FROM audit_row"))
        db.execute(update(AuditHead).values(last_id=0, hash=START))

    store.write(make_anew)
    do_something(store, now, "disabled")
    found = store.read(lambda db: verify(db, noted=heads))

    assert (found.broken_at, found.missed) == (None, 1), "the chain holds, and is another"
    assert store.read(verify).missed is None


@pytest.mark.parametrize("line", ["", "one two", "2026-11-27T00:00:00+00:00 x aa"])
def test_a_file_that_was_written_into_is_refused(tmp_path: Path, line: str) -> None:
    file = tmp_path / "anchors.txt"
    file.write_text(f"2026-11-26T00:00:00+00:00 1 aa\n{line}\n")
    with pytest.raises(BadAnchors):
        read_heads(file)
    file.write_text("2026-11-26T00:00:00+00:00 1 aa\n2026-11-27T00:00:00+00:00 1 bb\n")
    with pytest.raises(BadAnchors):
        read_heads(file)
