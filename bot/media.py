"""Files that customers send: fetched from LINE at once, because LINE drops them.

And the end of files: of what customers took back, and of what staff gave when its time is over.
"""

import logging

import urllib3

from bot.line_client import LineUnreachable
from bot.means import Means
from bot.media_folder import TooLarge
from storage import jobs, uploads
from storage.jobs import MediaJob, Stored

log = logging.getLogger(__name__)

AT_ONCE = 4


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
        if not erasure.is_shared:
            means.media.place(erasure.sha256).unlink(missing_ok=True)
        means.store.write(lambda db, e=erasure: jobs.record_erasure(db, e.media_id))  # type: ignore[misc] # bound now
    return len(due)


def drop_uploads(means: Means) -> int:
    """Delete what staff gave and did not send, and what is past its day; how many there were."""
    now = means.clock()
    due = means.store.write(lambda db: uploads.claim_droppings(db, now, AT_ONCE))
    for dropping in due:
        for sha256 in dropping.hashes:
            means.media.place(sha256).unlink(missing_ok=True)
        means.store.write(lambda db, d=dropping: uploads.record_dropping(db, d.upload_id, now))  # type: ignore[misc] # bound now
    return len(due)


def _record(means: Means, job: MediaJob, result: Stored | str | None) -> None:
    now = means.clock()
    if result is None:
        means.store.write(lambda db: jobs.put_media_off(db, job.media_id, now))
    else:
        means.store.write(lambda db: jobs.record_media(db, job.media_id, result, now))


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
