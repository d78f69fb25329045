"""How long the storms last, and which of them come without being asked for.

Without MADOGUCHI_STORM only those that show most in a minute; `short` adds the others, `long` makes
all of them long. MADOGUCHI_CHAOS_SEED gives a printed seed again.
"""

import os
import random

import pytest

_ASKED = os.environ.get("MADOGUCHI_STORM", "")
IS_LONG = _ASKED == "long"
SEED = int(os.environ.get("MADOGUCHI_CHAOS_SEED", random.SystemRandom().randrange(10**6)))
by_wish = pytest.mark.skipif(
    _ASKED not in {"short", "long"}, reason="MADOGUCHI_STORM=short (or long) asks for it"
)
