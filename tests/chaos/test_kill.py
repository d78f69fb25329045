"""kill -9 in the middle of a survey, ten times: nothing is lost and nothing comes twice.

The oracle is the simulator, a process of its own that LINE's rules live in: its phones and its log.
Run by `pytest tests/chaos --override-ini "addopts=-ra --import-mode=importlib"`. The seed is
printed, and can be given again in MADOGUCHI_CHAOS_SEED.
"""

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.whole.product import PATIENCE_S, Product, serving

KILLS = 10
ANSWERS = ["はじめて", "20代", "カット、カラー", "スキップ"]
SEED = int(os.environ.get("MADOGUCHI_CHAOS_SEED", random.SystemRandom().randrange(10**6)))


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    with serving(tmp_path) as found:
        yield found


def deliver(product: Product, user: str, deed: str, **given: Any) -> None:
    """LINE delivers an event; what was not acknowledged is delivered again, as LINE does."""
    status = product.sim(f"friends/{user}/{deed}", given)["status"]
    deadline = time.monotonic() + PATIENCE_S
    while status != 200 and time.monotonic() < deadline:
        time.sleep(0.2)
        status = product.sim(f"friends/{user}/redeliver", {})["status"]
    assert status == 200


def until_said(product: Product, user: str, count: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while len(product.said(user)) < count:
        assert time.monotonic() < deadline, (SEED, product.said(user))
        time.sleep(0.05)


def test_ten_surveys_each_killed_once_are_finished_whole(product: Product) -> None:
    print(f"seed {SEED}")
    draw = random.Random(SEED)
    transcripts = []
    for number in range(KILLS):
        user = product.sim("friends", {"account": "main", "name": f"見本{number}"})["user_id"]
        kill_at = draw.randrange(len(ANSWERS))
        deliver(product, user, "follow")
        until_said(product, user, 2)
        for position, answer in enumerate(ANSWERS):
            known = len(product.said(user))
            deliver(product, user, "say", text=answer)
            if position == kill_at:
                time.sleep(draw.random() * 0.08)
                product.kill()
                product.start()
            until_said(product, user, known + 1)
        until_said(product, user, 7)
        transcripts.append(product.said(user))

    time.sleep(1.0)  # whatever might still come twice has had its time
    first = [text.replace("見本0さん", "").replace("お客様", "") for text in transcripts[0]]
    for number, transcript in enumerate(transcripts):
        plain = [text.replace(f"見本{number}さん", "").replace("お客様", "") for text in transcript]
        assert plain == first, (SEED, number)
    friends = product.sim("friends")
    assert len(friends) == KILLS
    for friend in friends:
        assert len(product.said(friend["user_id"])) == len(first), SEED
