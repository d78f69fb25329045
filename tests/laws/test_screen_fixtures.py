"""Law 5 on the screen: the files that the browser's code is held against are made of real talks.

A file that is missing is written anew, and the test fails so that somebody looks at it.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from console.live import entry_row
from storage import journal
from storage.journal import JournalEntry
from storage.unit import Store, open_store
from tests.laws.house import VERBS, House, Snapshot, applied, snapshot

FIXTURES = Path(__file__).parent.parent.parent / "console" / "web" / "tests" / "fixtures"
STORIES = {
    "handed-over": (
        "a customer writes, is handed over, taken, answered and resolved",
        [],
        "hear, say, sent, hand off, take, see, send, sent, hear, note, note, edit note, "
        "delete note, edit note, resolve",
    ),
    "given-on": (
        "a waiting talk is given to a colleague, to nobody, snoozed, woken and returned",
        ["hear", "hand off"],
        "assign, put back, snooze, wake, return",
    ),
    "late": (
        "a waiting talk is at risk, too late, under other targets, answered, and asked again",
        ["hear"],
        "hand off, at risk, breached, other targets, send, hear",
    ),
    "taken-back": (
        "a talk is resolved too soon, put aside too soon, seen too soon, and each is taken back",
        ["hear", "hand off", "take"],
        "resolve, reopen by hand, snooze, wake by hand, put back, snooze, wake by hand, see, unsee",
    ),
    "runs-and-losses": (
        "a run walks and ends, a line is unsent, deliveries fail and are unknown",
        [],
        "run, say, claim, no answer, unsend, media, trouble, send anyway, refused, run",
    ),
    "the-card": (
        "a card is named, tagged, filled, owned; the friend blocks and comes back",
        [],
        "rename, tag, field, owner, profile, untag, block, follow",
    ),
    "composing": (
        "drafts are shared and taken, replies wait and are taken back, some go out later",
        ["hear", "take"],
        "draft, share, draft, take draft, share, clear draft, share, unshare, settle draft, undo, "
        "schedule, fire, schedule, hear, change scheduled, send scheduled, delete scheduled, quota",
    ),
    "everything": ("every verb in its turn, on a talk that was taken", ["hear", "take"], ""),
}
PLURALS = {"conversation": "conversations", "customer": "customers", "message": "messages"}
PLURALS |= {"note": "notes", "handoff": "handoffs", "run": "runs"}
PLURALS |= {"draft": "drafts", "scheduled": "scheduled", "quota": "quotas"}


@pytest.fixture
def house(tmp_path: Path, migrated_sqlite: Path, now: datetime) -> Iterator[House]:
    path = tmp_path / "madoguchi.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    store = open_store(f"sqlite:///{path}")
    yield House(store, now)
    store.close()


@pytest.mark.parametrize("file", STORIES)
def test_the_screens_fixtures_are_what_the_server_says(house: House, file: str) -> None:
    name, lead, steps = STORIES[file]
    for verb in lead:
        house.lead(VERBS[verb])
    before, heads = house.store.read(snapshot), house.store.read(_head)
    for verb in steps.split(", ") if steps else VERBS:
        house.lead(VERBS[verb])
    entries = house.since(heads)
    after = house.store.read(snapshot)

    assert _shown(applied(before, entries), {}) == _shown(after, {})
    told = _told(house.store, name, (before, heads), entries, after)
    path = FIXTURES / f"{file}.json"
    if not path.exists():
        path.write_text(told)
        pytest.fail(f"{path.name} was written anew: look at it, and keep it")
    assert path.read_text() == told


def test_every_kind_of_entry_is_in_a_fixture(house: House) -> None:
    kinds = {
        entry["kind"]
        for file in STORIES
        for entry in json.loads((FIXTURES / f"{file}.json").read_text())["entries"]
    }
    for verb in VERBS.values():
        house.lead(verb)

    assert {entry.kind for entry in house.since({"main": 0})} <= kinds


def _head(db: Any) -> dict[str, int]:
    return journal.heads(db, ["main"])


def _told(
    store: Store,
    name: str,
    before: tuple[Snapshot, dict[str, int]],
    entries: list[JournalEntry],
    after: Snapshot,
) -> str:
    tree = {
        "name": name,
        "before": _shown(*before),
        "entries": [entry_row(entry) for entry in entries],
        "after": _shown(after, store.read(_head)),
    }
    return _with_plain_ids(json.dumps(tree, ensure_ascii=False, indent=1)) + "\n"


def _shown(taken: Snapshot, heads: dict[str, int]) -> dict[str, Any]:
    """What the API shows of one account."""
    mine = {id_ for id_, row in taken["conversation"].items() if row["account"] == "main"}
    shown: dict[str, Any] = {"at": heads}
    for kind, plural in PLURALS.items():
        rows = taken[kind].values()
        place = {"conversation": "id", "customer": "", "quota": ""}.get(kind, "conversation_id")
        shown[plural] = [row for row in rows if not place or row[place] in mine]
    return shown


def _with_plain_ids(text: str) -> str:
    """Ids differ in each run: they become numbers, in the order in which they are seen."""
    known: dict[str, str] = {}
    pattern = re.compile(r"\b[0-9a-f]{26}\b")
    return pattern.sub(lambda m: known.setdefault(m[0], f"id-{len(known) + 1:03}"), text)
