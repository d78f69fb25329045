"""Journal entries as browsers get them, each within the listener's own walls."""

from dataclasses import dataclass

from console.api.route import may
from console.door import Row
from storage import journal, rows
from storage.models.work import JournalEntry


def entry_row(entry: JournalEntry) -> Row:
    """A journal entry as browsers get it."""
    return {
        "account": entry.account_id,
        "id": entry.id,
        "kind": entry.kind,
        "conversation_id": entry.conversation_id,
        "customer_id": entry.customer_id,
        "payload": entry.payload,
        "actor": entry.actor,
        "at": rows.moment(entry.at),
    }


@dataclass(frozen=True, slots=True)
class Wall:
    """What a listener may see: what happens in these accounts; with broadcasts only as a leader."""

    accounts: frozenset[str]
    role: str

    @property
    def shows_broadcasts(self) -> bool:
        """Whether they may read broadcasts, as by the API."""
        return may(self.role, "supervisor")


def within(row: Row, wall: Wall) -> Row:
    """The entry without what the listener may not see. Its number stays, so that there is no gap in
    the stream."""
    if _is_of_broadcast(row) and not wall.shows_broadcasts:
        return {**row, "payload": {}, "actor": journal.SYSTEM}
    friends = [friend for friend in find_ties(row) if friend["account"] in wall.accounts]
    if len(friends) == len(find_ties(row)):
        return row
    customer = {**row["payload"]["customer"], "friends": friends}
    return {**row, "payload": {**row["payload"], "customer": customer}}


def is_for_everybody(row: Row) -> bool:
    """Whether whoever sees the entry's account may see all of it."""
    told = {friend["account"] for friend in find_ties(row)}
    return len(told) <= 1 and not _is_of_broadcast(row)


def _is_of_broadcast(row: Row) -> bool:
    kind: str = row["kind"]
    return kind.startswith("broadcast.")


def find_ties(row: Row) -> list[Row]:
    """A person's ties to accounts, where the entry tells of a person."""
    customer = row["payload"].get("customer")
    return customer["friends"] if customer is not None else []
