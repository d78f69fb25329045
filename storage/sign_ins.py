"""How often somebody may fail to sign in, before they have to wait; successes never count."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from storage import measures
from storage.models.operators import SignInFailure
from storage.refusals import TooManySignIns

FREE_FAILURES = 5
FAILURES_PER_ADDRESS = 50
WINDOW = timedelta(minutes=15)
LONGEST_WAIT_S = 900
CODE_WINDOW = timedelta(days=1)
LONGEST_CODE_WAIT_S = 3600


def check_sign_in(db: Session, email: str, address: str, now: datetime) -> None:
    """Raises TooManySignIns with `wait_s` while a further try must wait.

    Five failures of one e-mail from one address are free; then the wait doubles with each. Fifty
    failures from one address within 15 minutes close it for the rest of them.
    """
    failures = select(func.count(), func.max(col(SignInFailure.at))).where(
        col(SignInFailure.address) == address, col(SignInFailure.at) > now - WINDOW
    )
    everywhere, _ = db.execute(failures).one()
    here, last = db.execute(failures.where(col(SignInFailure.email) == email.casefold())).one()
    if everywhere >= FAILURES_PER_ADDRESS:
        raise TooManySignIns(wait_s=int(WINDOW.total_seconds()))
    _check_wait(here, last, LONGEST_WAIT_S, now)


def check_code(db: Session, email: str, now: datetime) -> None:
    """Raises TooManySignIns while no further code of an e-mail is looked at, from any address.

    Who sends codes has the password, so waiting harms nobody else: a day has some thirty tries at
    a million codes.
    """
    failures = select(func.count(), func.max(col(SignInFailure.at))).where(
        col(SignInFailure.email) == email.casefold(),
        col(SignInFailure.is_code),
        col(SignInFailure.at) > now - CODE_WINDOW,
    )
    count, last = db.execute(failures).one()
    _check_wait(count, last, LONGEST_CODE_WAIT_S, now)


def note_failure(
    db: Session, email: str, address: str, now: datetime, *, is_code: bool = False
) -> None:
    """Count a failed sign-in, and forget those that no longer count."""
    is_over = col(SignInFailure.at) <= now - WINDOW
    is_long_over = col(SignInFailure.at) <= now - CODE_WINDOW
    db.execute(delete(SignInFailure).where(is_long_over))
    db.execute(delete(SignInFailure).where(is_over, ~col(SignInFailure.is_code)))
    measures.SIGN_IN_FAILURES.inc()
    db.add(SignInFailure(email=email.casefold(), address=address, at=now, is_code=is_code))


def forget_codes(db: Session, email: str) -> None:
    """A right code has come: the wrong ones before it were mistakes."""
    of_them = col(SignInFailure.email) == email.casefold()
    db.execute(delete(SignInFailure).where(of_them, col(SignInFailure.is_code)))


def _check_wait(count: int, last: datetime | None, longest_s: int, now: datetime) -> None:
    if count < FREE_FAILURES or last is None:
        return
    wait_s = min(longest_s, 30 * 2 ** min(count - FREE_FAILURES, 10))
    left_s = wait_s - (now - last).total_seconds()
    if left_s > 0:
        raise TooManySignIns(wait_s=int(left_s) + 1)
