"""How many messages each account may still send this month, as LINE last said."""

from sqlmodel import Session

from console.api.talks import at_now
from console.door import Asker, House, Row
from console.watch_bodies import Sending
from storage.accounts import Change, change_account, list_accounts
from storage.audit import Deed, by_operator, note
from storage.month import release
from storage.quota import find_or_begin, quota_rows, tell
from storage.refusals import NotFound


def list_quotas(house: House, asker: Asker) -> Row:
    """One row for each account that the asker may see."""

    def read(db: Session) -> Row:
        at = at_now(db, asker)
        accounts = [a.id for a in list_accounts(db) if asker.scope.allows(a.id)]
        return {"items": quota_rows(db, accounts), "next": None, "at": at}

    return house.store.read(read)


def change_sending(house: House, asker: Asker, account_id: str, body: Sending) -> Row:
    """Decide what of the month is kept for staff, and what LINE is told. Raises NotFound."""
    if not asker.scope.allows(account_id):
        raise NotFound
    now, change = house.clock(), Change(**body.model_dump())

    def write(db: Session) -> Row:
        changed = change_account(db, house.key, account_id, change)
        db.flush()
        if changed:
            by = by_operator(asker.operator, asker.address)
            target = (account_id, account_id)
            note(db, Deed("account_changed", by, target, params={"what": changed}), now)
            tell(db, find_or_begin(db, account_id, now), now)
            release(db, account_id, now)  # what a smaller reserve keeps back no more
        return quota_rows(db, [account_id])[0]

    return house.store.write(write)
