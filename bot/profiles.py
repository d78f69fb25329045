"""Who friends say they are: fetched beside the talk, tried again with growing waits."""

import logging

from bot.line_client import LineUnreachable
from bot.means import Means
from storage import jobs

log = logging.getLogger(__name__)

AT_ONCE = 8


def fetch_profiles(means: Means) -> int:
    """Fetch what is due; how many there were."""
    now = means.clock()
    due = means.store.write(lambda db: jobs.claim_profiles(db, now, AT_ONCE))
    for job in due:
        known = means.accounts.find(job.account_id)
        if known is None:
            continue
        try:
            profile = means.client.profile(job.line_user_id, known[1].token)
        except LineUnreachable as error:
            log.info("a profile is put off: %s", error)
            continue
        means.store.write(
            lambda db, job=job, profile=profile: jobs.record_profile(  # type: ignore[misc] # bound now
                db, job.friend_id, profile, means.clock()
            )
        )
    return len(due)
