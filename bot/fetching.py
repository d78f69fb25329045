"""What is asked of LINE beside the talks, each kind on a loop of its own; files come and go on one.

Any of them may wait for an answer for as long as LINE lets it, and none keeps another waiting.
"""

from collections.abc import Callable

from bot.means import Means
from bot.media import tend_files
from bot.profiles import fetch_profiles
from bot.quotas import read_quotas
from bot.reading import mark_read

# Each does what is due, and says how much that was.
FETCHES: tuple[Callable[[Means], int], ...] = (
    fetch_profiles,
    tend_files,
    mark_read,
    read_quotas,
)
