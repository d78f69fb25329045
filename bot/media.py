"""Files that customers send: fetched from LINE at once, because LINE drops them.

And the end of files: of what customers took back, and of what staff gave when its time is over.
Several workers may do either: what a row says of a file is written, and the file taken away, while
its content is held.
"""

import logging
from functools import partial

import urllib3
from sqlmodel import Session

from bot.line_client import LineUnreachable
from bot.means import Means
from bot.media_folder import TooLarge
from storage import contents, jobs, uploads
from storage.jobs import Erasure, MediaJob, Stored
from storage.uploads import Dropping

log = logging.getLogger(__name__)

AT_ONCE = 4


def tend_files(means: Means) -> int:
    """What comes and what goes, in turn; how many files there were."""
    return fetch_media(means) + erase_media(means) + drop_uploads(means)


def fetch_media(means: Means) -> int:
    """Fetch what is due; how many there were."""
    now = means.clock()
    due = means.store.write(lambda db: jobs.claim_media(db, now, AT_ONCE))
    for job in due:
        _record(means, job, _fetch(means, job))
    return len(due)


def erase_media(means: Means) -> int:
    """Delete what customers took back; how many files there were."""
    now = means.clock()
    due = means.store.write(lambda db: jobs.claim_erasures(db, now, AT_ONCE))
    for erasure in due:
        means.store.write(partial(_erase, means=means, erasure=erasure))
    return len(due)


def drop_uploads(means: Means) -> int:
    """Delete what staff gave and did not send, and what is past its day; how many there were."""
    now = means.clock()
    due = means.store.write(lambda db: uploads.claim_droppings(db, now, AT_ONCE))
    for dropping in due:
        means.store.write(partial(_drop, means=means, dropping=dropping))
    return len(due)


def _erase(db: Session, means: Means, erasure: Erasure) -> None:
    contents.hold(db, erasure.sha256)
    if not contents.is_needed(db, erasure.sha256):
        means.media.place(erasure.sha256).unlink(missing_ok=True)
    jobs.record_erasure(db, erasure.media_id)


def _drop(db: Session, means: Means, dropping: Dropping) -> None:
    for sha256 in sorted(dropping.hashes):  # in one order, so that two do not wait for each other
        contents.hold(db, sha256)
    if not uploads.is_still_over(db, dropping):
        return
    for sha256 in dropping.hashes:
        if not contents.is_needed(db, sha256, but=[dropping.upload_id]):
            means.media.place(sha256).unlink(missing_ok=True)
    uploads.record_dropping(db, dropping.upload_id, means.clock())


def _record(means: Means, job: MediaJob, result: Stored | str | None) -> None:
    now = means.clock()
    if isinstance(result, Stored):
        means.store.write(lambda db: _record_stored(db, means, job, result))
    elif result is None:
        means.store.write(lambda db: jobs.put_media_off(db, job.media_id, now))
    else:
        means.store.write(lambda db: jobs.record_media(db, job.media_id, result, now))


def _record_stored(db: Session, means: Means, job: MediaJob, stored: Stored) -> None:
    """A file that went again meanwhile is asked for anew."""
    contents.hold(db, stored.sha256)
    if means.media.place(stored.sha256).is_file():
        jobs.record_media(db, job.media_id, stored, means.clock())
    else:
        jobs.fetch_soon(db, job.media_id, means.clock())


def _fetch(means: Means, job: MediaJob) -> Stored | str | None:
    """The stored file, why there will be none, or None to try again."""
    known = means.accounts.find(job.account_id)
    if known is None:
        return None
    try:
        with means.client.content(job.line_message_id, known[1].token) as found:
            if isinstance(found, str):
                return "expired" if found == "expired" else None
            return means.media.keep(found)
    except TooLarge:
        return "too_large"
    except (LineUnreachable, urllib3.exceptions.HTTPError, OSError) as error:
        log.info("a file is put off: %s", type(error).__name__)
        return None
