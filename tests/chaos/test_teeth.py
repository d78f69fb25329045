"""A2: with any one of the seven protections taken out the storm is seen to go wrong, and in the way
that belongs to that protection. A harness that cannot fail shows nothing.
"""

import os
import random
from pathlib import Path

import pytest

from tests.chaos.protections import PROTECTIONS
from tests.chaos.storm import Weather, storm

SEED = int(os.environ.get("MADOGUCHI_CHAOS_SEED", random.SystemRandom().randrange(10**6)))
DEATHS = 10 if os.environ.get("MADOGUCHI_STORM") == "long" else 2


@pytest.mark.parametrize("name", [name for name in PROTECTIONS if name != "fencing"])
def test_without_it_the_storm_goes_wrong(name: str, tmp_path: Path) -> None:
    out = PROTECTIONS[name]
    weather = Weather(
        SEED, events=20, users=4, kills=0, each=DEATHS, places=out.needed_at, kinds=out.kinds,
        at_once=4, without=name, sends=out.sends,
    )  # fmt: skip

    outcome = storm(tmp_path, f"sqlite:///{tmp_path}/madoguchi.db", weather)

    print(outcome.told())
    assert sum(outcome.died.values()) == DEATHS, outcome.told()
    assert out.seen_as <= outcome.kinds(), outcome.told()
