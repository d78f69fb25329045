"""What an encoder is asked before a turn, beside the other turns; the turn's own lane waits."""

from datetime import timedelta

from bot.loading import show_when_slow
from bot.means import Means, Waiter
from bot.seeking import Unsought
from bot.turn import Sought
from storage import arrivals, asked

ASKING_S = 10.0  # for all that is asked before one turn, with room
LEASE = timedelta(seconds=3)  # of who asks, and renewed: so long its customer waits if it dies
RENEWED_EVERY_S = 1.0


def put_off(means: Means, arrival: arrivals.Try) -> bool:
    """Whether the arrival's lane is ours while its question is asked."""
    now = means.clock()
    return means.store.write(lambda db: asked.put_off(db, arrival.arrival_id, now + LEASE, now))


def ask(means: Means, arrival: arrivals.Try, unsought: Unsought) -> Sought:
    """What the encoder makes of it. Raises what it raises."""
    is_answered = show_when_slow(means, arrival.arrival_id)
    means.beside(lambda: keep_while_asked(means, arrival, is_answered))
    try:
        encoding = means.encoding
        return encoding.seek(unsought.texts, unsought.name) if encoding is not None else {}
    finally:
        is_answered.set()


def keep_while_asked(means: Means, arrival: arrivals.Try, is_answered: Waiter) -> None:
    """Nobody else takes it while this process lives, up to a time in which all is answered."""
    for _ in range(round(ASKING_S / RENEWED_EVERY_S)):
        if is_answered.wait(RENEWED_EVERY_S):
            return
        until = means.clock() + LEASE
        means.store.write(lambda db, until=until: asked.keep_longer(db, arrival, until))  # type: ignore[misc] # bound now
