"""How many messages each account may still send this month, as LINE last said."""

from sqlmodel import Session

from console.api.talks import at_now
from console.door import Asker, House, Row
from storage.accounts import list_accounts
from storage.quota import quota_rows


def list_quotas(house: House, asker: Asker) -> Row:
    """One row for each account that the asker may see."""

    def read(db: Session) -> Row:
        at = at_now(db, asker)
        accounts = [a.id for a in list_accounts(db) if asker.scope.allows(a.id)]
        return {"items": quota_rows(db, accounts), "next": None, "at": at}

    return house.store.read(read)
