"""The storms by hand: `python -m tests.chaos storm --seed 7 --database postgresql`, and so on."""

import argparse
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.chaos.broadcast import Many, send_to_many
from tests.chaos.naive import compare_all
from tests.chaos.older import take_out
from tests.chaos.postgres import own_postgres
from tests.chaos.rolling import roll
from tests.chaos.soak import soak
from tests.chaos.storm import Weather, storm
from tests.chaos.upgrading import move

LONG = Weather(seed=0, events=10_000, users=500, kills=500, each=20)
CALM = replace(LONG, events=40, users=12, kills=0, each=0)
MANY = Many(seed=0, recipients=100_000, kills=50)
RESTARTS, ROUNDS, NAIVE_EVENTS = 100, 10, 60
INTERVAL_S = 60.0


def main() -> int:
    """0 when nothing was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    commands = parser.add_subparsers(required=True)
    one = _command(commands, "storm", _storm, "a product that is killed time and again")
    for name in ("events", "users", "kills", "each"):
        one.add_argument(f"--{name}", type=int, default=getattr(LONG, name))
    one = _command(commands, "rolling", _rolling, "restarts that nobody notices")
    one.add_argument("--restarts", type=int, default=RESTARTS)
    one = _command(commands, "upgrade", _upgrade, "to the version before, and up again")
    one.add_argument("--rounds", type=int, default=ROUNDS)
    one = _command(
        commands, "soak", _soak, "hours of events and sockets; what it holds must not grow"
    )
    one.add_argument("--hours", type=float, default=24.0)
    one.add_argument("--interval", type=float, default=INTERVAL_S, metavar="SECONDS")
    one = _command(commands, "broadcast", _broadcast, "one message to many, killed time and again")
    one.add_argument("--recipients", type=int, default=MANY.recipients)
    one.add_argument("--kills", type=int, default=MANY.kills)
    one = _command(commands, "naive", _naive, "the same deaths for the SDK's sample bot and for us")
    one.add_argument("--events", type=int, default=NAIVE_EVENTS)
    options = parser.parse_args()
    status: int = options.run(options)
    return status


def _command(
    commands: Any, name: str, run: Callable[[argparse.Namespace], int], told: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=told)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.set_defaults(run=run)
    return parser


def _storm(given: argparse.Namespace) -> int:
    weather = Weather(given.seed, given.events, given.users, given.kills, given.each)
    with _place(given) as (folder, url):
        outcome = storm(folder, url, weather)
    print(outcome.told())
    return 1 if outcome.findings else 0


def _rolling(given: argparse.Namespace) -> int:
    with _place(given) as (folder, url):
        rolled = roll(folder, url, replace(CALM, seed=given.seed), given.restarts)
    print(rolled.report())
    return 1 if rolled.failures() else 0


def _upgrade(given: argparse.Namespace) -> int:
    with _place(given) as (folder, url), tempfile.TemporaryDirectory() as older:
        code = take_out(Path(older))
        moved = move(folder, url, replace(CALM, seed=given.seed), given.rounds, code)
    print(moved.told())
    return 1 if moved.outcome.findings else 0


def _soak(given: argparse.Namespace) -> int:
    if given.database != "sqlite":
        print("the soak looks at one process: leave --database out", file=sys.stderr)
        return 2
    with _place(given) as (folder, url):
        soaked = soak(folder, url, given.seed, given.hours, given.interval)
    print(soaked.report())
    return 1 if soaked.failures() else 0


def _broadcast(given: argparse.Namespace) -> int:
    with _place(given) as (folder, url):
        sent = send_to_many(folder, url, Many(given.seed, given.recipients, given.kills))
    print(sent.told())
    return 1 if sent.findings else 0


def _naive(given: argparse.Namespace) -> int:
    with _place(given) as (folder, _):
        tallies = compare_all(folder, given.events)
    print("\n".join(tally.told() for tally in tallies))
    ours = tallies[-1]
    return 1 if ours.lost + ours.twice else 0


@contextmanager
def _place(given: argparse.Namespace) -> Iterator[tuple[Path, str]]:
    """A folder and a database of their own."""
    print(f"seed {given.seed} on {given.database}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="madoguchi-storm-"))
    if given.database == "sqlite":
        yield folder, f"sqlite:///{folder}/madoguchi.db"
    else:
        with own_postgres() as server:
            yield folder, server.url
    print(f"what the processes wrote: {folder}")


if __name__ == "__main__":
    sys.exit(main())
