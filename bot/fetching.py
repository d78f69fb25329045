"""What is asked of LINE beside the talks, and what goes of our files: each on a loop of its own.

Any of them may wait for an answer for as long as LINE lets it, and none keeps another waiting.
"""

from collections.abc import Callable

from bot.means import Means
from bot.media import drop_uploads, erase_media, fetch_media
from bot.profiles import fetch_profiles
from bot.quotas import read_quotas
from bot.reading import mark_read

# Each does what is due, and says how much that was.
FETCHES: tuple[Callable[[Means], int], ...] = (
    fetch_profiles,
    fetch_media,
    mark_read,
    read_quotas,
    erase_media,
    drop_uploads,
)
