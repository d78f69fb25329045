"""The whole product on one thread, with a seed that decides who goes next and what breaks.

    python -m tests.laws.one_thread.simulation --seeds 1000 --from 0

prints each seed that breaks a promise, and how its history ends; `--history` prints it all. The
same seed is the same history, byte for byte.
"""

import argparse
import hashlib
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

from tests.laws.one_thread import shop
from tests.laws.one_thread.dump import dump
from tests.laws.one_thread.line import FAULTS
from tests.laws.one_thread.processes import Process
from tests.laws.one_thread.promises import Promises
from tests.laws.one_thread.settling_down import settle_down
from tests.laws.one_thread.stages import Stage, sqlite_stage
from tests.laws.one_thread.world import WORKS, World

STEPS = 100
LENGTHS_S = (1, 1, 1, 1, 1, 2, 2, 7, 7, 7, 45, 45, 700, 25 * 3600)
SAYINGS = ("", "", "", shop.LATER, shop.PERSON)
LAST_WRITES = (5, 15, 40)  # of a unit; who is to die at a later one lives
WORK_WEIGHTS = {"turns": 9, "send": 9, "fire": 3}  # of the others, 1
Step = Callable[[], object]


class Broken(Exception):
    """A promise that was broken, and what had happened until then."""

    def __init__(self, seed: int, history: Sequence[str]) -> None:
        super().__init__(f"seed {seed} broke a promise")
        self.seed, self.history = seed, history


def play(stage: Stage, seed: int, steps: int = STEPS) -> list[str]:
    """The history of a seed. Raises Broken."""
    dice = Random(seed)  # noqa: S311 # repeatable, not secret
    world = stage.world(seed, is_one_process=dice.random() < 0.5)
    try:
        chance = Chance(world, Promises(world), dice)
        for _ in range(steps):
            chance.step()
        settle_down(world, chance.promises)
        world.history.append(world.store.read(dump))
    except AssertionError as broken:
        raise Broken(seed, world.history) from broken
    finally:
        world.close()
    return world.history


@dataclass
class Chance:
    """Draws the next step of all that are possible."""

    world: World
    promises: Promises
    dice: Random
    said: int = 0
    is_faulty: bool = field(init=False)

    def __post_init__(self) -> None:
        self.is_faulty = self.dice.random() < 0.9

    def step(self) -> None:
        """One of them, and the promises are held against what is then."""
        possible: list[tuple[int, Step]] = [*self._line(), *self._product(), *self._people()]
        weights = [weight for weight, _ in possible]
        (chosen,) = self.dice.choices([step for _, step in possible], weights)
        chosen()
        self.promises.hold()

    def _line(self) -> Iterator[tuple[int, Step]]:
        world, letters = self.world, self.world.line.letters
        yield 8, self._say
        waiting = [letter for letter in letters if not letter.is_answered]
        for letter in waiting[:3]:
            yield 6, lambda letter=letter: world.deliver(letter, self._death())
        if letters:
            yield 2, lambda: world.deliver(self.dice.choice(letters), is_copy=True)
            yield 1, lambda: world.deliver(self.dice.choice(letters))
        yield 6, lambda: world.passes(timedelta(seconds=self.dice.choice(LENGTHS_S)))

    def _say(self) -> None:
        self.said += 1
        text = f"{self.dice.choice(SAYINGS)}{self.said}番"
        self.world.says(self.dice.randrange(len(self.world.friends)), text)

    def _product(self) -> Iterator[tuple[int, Step]]:
        world = self.world
        for flight in world.flights.under_way:
            yield 9, lambda flight=flight: world.go_on(flight, self._death(), self._fault())
        for process in world.processes:
            yield (1 if process.is_alive else 6), lambda process=process: self._fall(process)
        for process in world.worker_processes:
            for what in WORKS:
                weight = WORK_WEIGHTS.get(what, 1)
                yield weight, lambda p=process, w=what: world.work(p, w, self._death())

    def _fall(self, process: Process) -> None:
        if not process.is_alive:
            self.world.restart(process)
        elif self.is_faulty and self.dice.random() < 0.3:
            self.world.crash(process)

    def _people(self) -> Iterator[tuple[int, Step]]:
        world = self.world
        yield 3, world.emit
        for browser in world.browsers:
            yield 1, lambda browser=browser: world.catch_up(browser)
            yield 1, lambda browser=browser: world.drop(browser)
        if world.sendings:
            yield 3, lambda: world.send_again(self.dice.choice(world.sendings), self._death())
        yield 7, self._press

    def _press(self) -> None:
        talks = self.world.talks()
        if not talks:
            return
        talk, operator = self.dice.choice(talks), self.dice.randrange(len(self.world.browsers))
        what = self.dice.choice(("send", "send", "take", "resolve", "return", "snooze", "undo", "see", "settle"))  # fmt: skip
        match what:
            case "send":
                undo_s = self.dice.choice((0, 0, 10))
                self.world.send(operator, talk, undo_s, self._death())
            case "undo" if sent := self.world.sent():
                self.world.take_back(operator, self.dice.choice(sent), self._death())
            case "settle" if found := self.world.not_plainly_sent():
                verb = self.dice.choice(("send_anyway", "give_up"))
                self.world.see_to(operator, self.dice.choice(found), verb, self._death())
            case "undo" | "settle":
                return
            case _:
                self.world.move(operator, talk, what, self._death())

    def _death(self) -> int | None:
        """At which write the process dies, if it does."""
        dies = self.is_faulty and self.dice.random() < 0.12
        return self.dice.randint(1, self.dice.choice(LAST_WRITES)) if dies else None

    def _fault(self) -> str | None:
        return self.dice.choice(FAULTS) if self.is_faulty and self.dice.random() < 0.3 else None


def digest(history: Sequence[str]) -> str:
    """The history in one word."""
    return hashlib.sha256("\n".join(history).encode()).hexdigest()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--from", type=int, default=0, dest="first")
    parser.add_argument("--steps", type=int, default=STEPS)
    parser.add_argument("--history", action="store_true", help="print all that happened")
    asked = parser.parse_args()
    broken = 0
    with tempfile.TemporaryDirectory() as folder, sqlite_stage(Path(folder)) as stage:
        for seed in range(asked.first, asked.first + asked.seeds):
            broken += not _played(stage, seed, asked.steps, is_told=asked.history)
    sys.stdout.write(f"{asked.seeds} seeds, {broken} broke a promise\n")
    return 1 if broken else 0


def _played(stage: Stage, seed: int, steps: int, *, is_told: bool) -> bool:
    try:
        history = play(stage, seed, steps)
    except Broken as error:
        last = error.history if is_told else error.history[-12:]
        cause = "".join(traceback.format_exception_only(error.__cause__))
        sys.stdout.write("\n".join([f"seed {seed}", *last, cause]) + "\n")
        return False
    if is_told:
        sys.stdout.write("\n".join(history) + "\n")
    sys.stdout.write(f"seed {seed} {digest(history)}\n")
    return True


if __name__ == "__main__":
    sys.exit(main())
