"""What the processes on one database know of each other: what was committed, and who is at work."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import gevent

from console.settings import Settings
from storage.alone import Shift, at_work
from storage.far_bell import FarBell, open_far_bell
from storage.unit import Store

log = logging.getLogger("madoguchi")

LOOKED_AFTER_EVERY_S = 5.0
LISTENED_S = 1.0


@contextmanager
def heard_from_afar(settings: Settings, store: Store) -> Iterator[None]:
    """What other processes commit rings here too."""
    far = open_far_bell(settings.database_url, store.name)
    listening = gevent.spawn(_listen_far, store, far)
    try:
        yield
    finally:
        listening.kill()
        far.close()


@contextmanager
def seen_by_others(settings: Settings, *, is_worker: bool) -> Iterator[Shift]:
    """This process is known to be at work for as long as the block lasts. Raises HeldByOne."""
    with at_work(settings.database_url, is_worker=is_worker) as shift:
        looking = gevent.spawn(_look_after, shift)
        try:
            yield shift
        finally:
            looking.kill()


def _listen_far(store: Store, far: FarBell) -> None:
    while True:
        try:
            if topics := far.wait(LISTENED_S):
                store.bell.ring(topics)
        except Exception:  # without it, news would come late for as long as the process lives
            log.exception("other processes could not be listened to")
            gevent.sleep(1)


def _look_after(shift: Shift) -> None:
    while True:
        gevent.sleep(LOOKED_AFTER_EVERY_S)
        shift.look_after()
