"""Journal entries as browsers get them, each within the listener's own walls."""

from console.door import Row
from storage import rows
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


def within(row: Row, allowed: frozenset[str]) -> Row:
    """The entry without a person's ties to accounts that the listener may not see."""
    friends = [friend for friend in find_ties(row) if friend["account"] in allowed]
    if len(friends) == len(find_ties(row)):
        return row
    customer = {**row["payload"]["customer"], "friends": friends}
    return {**row, "payload": {**row["payload"], "customer": customer}}


def find_ties(row: Row) -> list[Row]:
    """A person's ties to accounts, where the entry tells of a person."""
    customer = row["payload"].get("customer")
    return customer["friends"] if customer is not None else []
