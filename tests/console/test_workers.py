"""The workers as the product puts them together."""

import gevent
import pytest
from gevent import socket
from gevent.event import Event
from gevent.pool import Pool

from console.cli import workers
from console.cli.workers import stand_back, wait_for_room


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


def test_what_comes_over_a_socket_goes_first_but_not_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    order: list[str] = []
    one, other = socket.socketpair()

    def throw_back(end: socket.socket, count: int) -> None:
        for _ in range(count):
            end.recv(1)
            order.append("came")
            end.send(b"x")

    def stand() -> None:
        stand_back()
        order.append("stood back")

    one.send(b"x")
    throwing = [gevent.spawn(throw_back, end, 50) for end in (other, one)]
    gevent.joinall([gevent.spawn(stand), *throwing], timeout=10)
    assert order == ["came"] * 100 + ["stood back"]

    monkeypatch.setattr(workers, "LONGEST_BACK_S", 0.05)
    throwing = [gevent.spawn(throw_back, end, 10**9) for end in (other, one)]
    standing = gevent.spawn(stand)
    standing.join(timeout=10)
    assert standing.ready()
    assert not any(each.ready() for each in throwing)
    gevent.killall(throwing)
    one.close()
    other.close()
