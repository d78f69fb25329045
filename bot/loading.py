"""The three dots on the customer's screen, while an answer takes longer than a moment.

Best effort, with a limit of its own: nothing waits for it, not even for room among the sends, and
what fails is not tried again.
"""

import logging
from functools import partial

from sqlmodel import Session

from bot.events import has_talk
from bot.line_client import LineUnreachable
from bot.means import Means, Waiter
from storage import endpoints
from storage.models.people import Account
from storage.models.work import Arrival

log = logging.getLogger(__name__)

MOMENT_S = 0.25
SHOWN_S = 5  # LINE's shortest; the answer ends it


def show_when_slow(means: Means, arrival_id: int) -> Waiter:
    """Show them unless what is returned is set within a moment."""
    is_answered = means.waiter()
    means.beside(partial(_wait, means, arrival_id, is_answered))
    return is_answered


def _wait(means: Means, arrival_id: int, is_answered: Waiter) -> None:
    if is_answered.wait(MOMENT_S):
        return
    asked = means.store.write(lambda db: _whom(db, means, arrival_id))
    known = means.accounts.find(asked[0]) if asked is not None else None
    if asked is None or known is None:
        return
    try:
        means.client.show_loading(asked[1], SHOWN_S, known[1].token)
    except LineUnreachable as error:
        log.info("the loading animation was not shown: %s", error)


def _whom(db: Session, means: Means, arrival_id: int) -> tuple[str, str] | None:
    """The account and the person of LINE, if the account wants it and its limit allows it."""
    arrival = db.get_one(Arrival, arrival_id)
    if not has_talk(arrival.raw) or not db.get_one(Account, arrival.account_id).shows_loading:
        return None
    if not endpoints.take_one(db, arrival.account_id, "loading", means.clock()):
        return None
    return arrival.account_id, str(arrival.raw["source"]["userId"])
