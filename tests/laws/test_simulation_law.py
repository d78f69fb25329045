"""Some seeds of the simulation; and that a seed is a history, to the byte, in any process.

Many seeds: `python -m tests.laws.one_thread.simulation --seeds 10000`.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.laws.one_thread.simulation import play
from tests.laws.one_thread.stages import Stage

ROOT = Path(__file__).parent.parent.parent
SEEDS = range(6)
MODULE = "tests.laws.one_thread.simulation"


def test_some_seeds_break_no_promise(stage: Stage) -> None:
    histories = [play(stage, seed) for seed in SEEDS]

    assert all(len(history) > 60 for history in histories)
    assert len({history[-1] for history in histories}) == len(histories)


def test_the_same_seed_is_the_same_history_in_any_process(tmp_path: Path) -> None:
    told = [_history(tmp_path / hash_seed, hash_seed) for hash_seed in ("1", "2")]

    assert told[0] == told[1]
    assert "crash" in told[0]
    assert "webhook" in told[0]
    assert told[0].endswith("2 seeds, 0 broke a promise\n")


def _history(folder: Path, hash_seed: str) -> str:
    folder.mkdir()
    around = {**os.environ, "PYTHONHASHSEED": hash_seed, "TMPDIR": str(folder)}
    asked = [sys.executable, "-m", MODULE, "--seeds", "2", "--history"]
    ended = subprocess.run(  # noqa: S603 # ourselves
        asked, cwd=ROOT, env=around, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout[-4000:] + ended.stderr[-4000:]
    return ended.stdout
