"""The workers as the product puts them together."""

import gevent
from gevent.event import Event
from gevent.pool import Pool

from console.cli.workers import wait_for_room


def test_whoever_asks_for_room_waits_until_there_is_some_and_learns_how_much() -> None:
    pool, answered = Pool(2), Event()
    assert wait_for_room(pool) == 2
    pool.spawn(answered.wait)
    assert wait_for_room(pool) == 1
    pool.spawn(answered.wait)
    waiting = gevent.spawn(wait_for_room, pool)
    gevent.sleep(0)
    assert not waiting.ready()

    answered.set()

    assert waiting.get(timeout=10) in {1, 2}
    pool.join()
    assert wait_for_room(pool) == 2
