"""A7: LINE delivers again, one to five copies, soon or late, and in another order: each event is
done once, by LINE's rules for its reply token.
"""

import random
import time
from pathlib import Path

from tests.chaos.haunt import Haunt
from tests.chaos.rig import PATIENCE_S, Rig
from tests.chaos.seasons import SEED, by_wish
from tests.chaos.storm import Outcome, Weather, at_work, judge, settle

pytestmark = by_wish

LATER_S = (5, 61, 19 * 60, 21 * 60)


def test_what_comes_again_after_any_time_is_done_once(tmp_path: Path) -> None:
    """The product is away when friends write; LINE delivers that again, in up to five copies each,
    shuffled among them; then they go on.
    """
    weather = Weather(SEED, events=0, users=8, kills=0, each=0, kinds=("count",))
    outcome, clock, draw = Outcome(weather), tmp_path / "clock", random.Random(SEED)
    haunt = Haunt(clock=str(clock))
    with at_work(tmp_path, f"sqlite:///{tmp_path}/m.db", weather, None, {"whole": haunt}) as scene:
        rig, traffic = scene.rig, scene.traffic
        passed = 0
        for person in traffic.people:
            traffic.one_event(person, draw)
        for later_s in LATER_S:
            settle(rig, scene.feeds)  # a reply under way would be in doubt after a longer absence
            rig.kill("whole")
            for person in traffic.people:
                person.said += 1
                text = f"見本の声 {person.said}"
                assert rig.sim(f"friends/{person.user}/say", {"text": text})["status"] != 200
            passed += later_s
            rig.sim("clock", {"advance_s": later_s})
            clock.write_text(str(passed))
            rig.start("whole", haunt)
            copies = [p for p in traffic.people for _ in range(draw.randint(1, 5))]
            draw.shuffle(copies)
            for person in copies:
                redeliver(rig, person.user)
            for person in traffic.people:
                traffic.one_event(person, draw)
        evidence = judge(scene, outcome)

    print(outcome.told())
    assert outcome.findings == [], outcome.told()
    refused = [c for c in evidence.log if c["path"].endswith("/reply") and c["status"] == 400]
    assert refused == []  # a token that LINE no longer honours is not tried


def redeliver(rig: Rig, user: str) -> None:
    """A copy that is acknowledged: a slow machine may take more than LINE's two seconds."""
    deadline = time.monotonic() + PATIENCE_S
    while rig.sim(f"friends/{user}/redeliver", {})["status"] != 200:
        assert time.monotonic() < deadline


def test_what_comes_late_is_shown_as_late_and_done_once(tmp_path: Path) -> None:
    """A friend's first event is overtaken by the second, which is delivered twice."""
    weather = Weather(SEED, events=0, users=1, kills=0, each=0, kinds=("count",))
    with at_work(tmp_path, f"sqlite:///{tmp_path}/m.db", weather) as scene:
        rig, person = scene.rig, scene.traffic.people[0]
        scene.traffic.one_event(person, scene.traffic.draw)
        rig.sim("faults", {"kind": "reorder"})
        rig.sim(f"friends/{person.user}/say", {"text": "見本の先"})
        rig.sim("faults", {"kind": "copies", "times": 3})
        rig.sim(f"friends/{person.user}/say", {"text": "見本の後"})
        evidence = judge(scene, Outcome(weather))

    talk = evidence.talks[person.user]
    heard = [(line.text, line.is_late) for line in talk if line.sender == "customer"]
    assert heard == [("はじめ", False), ("見本の後", False), ("見本の先", True)]
    said = [line.text for line in talk if line.sender == "bot"]
    assert said[:3] == ["つぎをどうぞ", "1番目: 見本の後", "つぎをどうぞ"]
    assert said.count("1番目: 見本の後") == 1
    assert [bubble.text for bubble in evidence.phones[person.user] if not bubble.is_own] == said
