"""The storms by hand: `python -m tests.chaos storm --seed 7 --database postgresql`."""

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.chaos.postgres import own_postgres
from tests.chaos.storm import Weather, storm

LONG = Weather(seed=0, events=10_000, users=500, kills=500, each=20)


def main() -> int:
    """0 when nothing was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("storm", help="traffic, and a product that is killed time and again")
    one.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    one.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    for name in ("events", "users", "kills", "each"):
        one.add_argument(f"--{name}", type=int, default=getattr(LONG, name))
    one.set_defaults(run=_storm)
    options = parser.parse_args()
    status: int = options.run(options)
    return status


def _storm(given: argparse.Namespace) -> int:
    weather = Weather(given.seed, given.events, given.users, given.kills, given.each)
    print(f"seed {given.seed} on {given.database}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="madoguchi-storm-"))
    with _database(given.database, folder) as url:
        outcome = storm(folder, url, weather)
    print(outcome.told())
    print(f"what the processes wrote: {folder}")
    return 1 if outcome.findings else 0


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder}/madoguchi.db"
        return
    with own_postgres() as server:
        yield server.url


if __name__ == "__main__":
    sys.exit(main())
