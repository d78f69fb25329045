"""Everything works again, and time passes: what has to come to an end by itself does."""

from datetime import timedelta

from tests.laws.one_thread.promises import Promises, quiet
from tests.laws.one_thread.world import FETCHED, World

MOST_ROUNDS = 200
AT_LEAST = timedelta(minutes=11)  # what was to be said later is said
LONGEST_STEP_S = 900
OFTEN, NOW_AND_THEN = ("turns", "fire", "send"), ("recover", "assign", *FETCHED)


def settle_down(world: World, promises: Promises) -> None:
    """Raises AssertionError for a broken promise, and for what never ends."""
    _mend(world)
    _wait(world, promises)
    for browser in world.browsers:
        world.catch_up(browser)


def _mend(world: World) -> None:
    for process in world.processes:
        if not process.is_alive:
            world.restart(process)
    _land(world)
    for letter in world.line.letters:
        if not letter.is_answered:
            world.deliver(letter)


def _wait(world: World, promises: Promises) -> None:
    until, step_s = world.drawn.now + AT_LEAST, 1
    for _ in range(MOST_ROUNDS):
        was_busy = _works(world, NOW_AND_THEN) | _until_idle(world, promises)
        left = list(quiet(promises.hold(), world.drawn.now))
        if world.drawn.now >= until and not left:
            return
        step_s = 1 if was_busy else min(3 * step_s, LONGEST_STEP_S)
        world.passes(timedelta(seconds=step_s))
    raise AssertionError(f"it never ends: {left}")


def _until_idle(world: World, promises: Promises) -> bool:
    for rounds in range(MOST_ROUNDS):
        if not _works(world, OFTEN):
            return rounds > 0
        promises.hold()
    raise AssertionError("it never rests")


def _works(world: World, whats: tuple[str, ...]) -> bool:
    was_busy = False
    for what in whats:
        was_busy |= world.work(world.worker_processes[0], what)
        _land(world)
    return was_busy


def _land(world: World) -> None:
    while world.flights.under_way:
        world.go_on(world.flights.under_way[0])
