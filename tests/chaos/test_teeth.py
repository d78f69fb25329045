"""A2: with any one of the seven protections taken out the storm is seen to go wrong, and in the way
that belongs to that protection. A harness that cannot fail shows nothing.
"""

from pathlib import Path

import pytest

from tests.chaos.protections import PROTECTIONS
from tests.chaos.seasons import IS_LONG, SEED
from tests.chaos.storm import Weather, storm

DEATHS = 10 if IS_LONG else 2


@pytest.mark.parametrize("name", [name for name in PROTECTIONS if name != "fencing"])
def test_without_it_the_storm_goes_wrong(name: str, tmp_path: Path) -> None:
    out = PROTECTIONS[name]
    weather = Weather(
        SEED, events=20, users=4, kills=0, each=DEATHS, places=out.needed_at, kinds=out.kinds,
        at_once=4, without=name, sends=out.sends, hits=out.hits,
    )  # fmt: skip

    outcome = storm(tmp_path, f"sqlite:///{tmp_path}/madoguchi.db", weather)

    print(outcome.told())
    assert sum(outcome.died.values()) == DEATHS, outcome.told()
    assert out.seen_as <= outcome.kinds(), outcome.told()
