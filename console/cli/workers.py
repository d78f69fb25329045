"""The workers, put together for one process: who serves customers, who tells staff, and who makes
backups where that is wanted."""

from functools import partial
from typing import TYPE_CHECKING

import gevent
from gevent.event import Event
from gevent.pool import Pool

from bot.accounts import Accounts
from bot.audit_anchors import NAME
from bot.egress import Egress
from bot.flow_source import FlowSource
from bot.line_client import LineClient
from bot.means import Means
from bot.media_folder import MediaFolder
from bot.notice_worker import NoticeMeans, NoticeWorker
from bot.worker import Worker
from console.cli.crew import Crew
from console.cli.own_backups import OwnBackups
from console.door import House
from console.kept_files import media_folder
from console.settings import Settings

if TYPE_CHECKING:
    from bot.encoding import Encoding  # only there is numpy needed

SENDS_AT_ONCE = 256
LONGEST_BACK_S = 1.0
PUSHES_AT_ONCE = 32
MOST_BYTES = 64 * 1024  # of a push service's answer, which has nothing to say


def build_workers(
    house: House, accounts: Accounts, encoding: "Encoding | None", *, is_alone: bool
) -> list[Crew]:
    """All. Calls of a process that died are taken over first; is_alone: nobody else may have any.

    The notices stand beside the turns, and keep no customer waiting.
    """
    sends, asks = Pool(SENDS_AT_ONCE), Pool()
    worker = Worker(
        Means(
            store=house.store,
            accounts=accounts,
            flows=FlowSource(house.store),
            client=line_client(house.settings),
            media=MediaFolder(media_folder(house)),
            spawn=sends.spawn,
            room=partial(wait_for_room, sends),
            has_room=lambda: sends.free_count() > 0,
            beside=asks.spawn,
            stand_back=stand_back,
            waiter=Event,
            encoding=encoding,
            zone=house.settings.timezone,
            anchors=house.settings.data_dir / NAME,
        )
    )
    worker.recover(is_alone=is_alone)
    # In this order they are waited for: what was asked first ends in calls.
    crews = [Crew(worker, (asks, sends)), _build_notices(house, accounts)]
    if (folder := house.settings.backup_dir) is not None:
        crews.append(Crew(OwnBackups(house.settings, folder, house.clock, Event())))
    return crews


def stand_back() -> None:
    """Let everything go first that can go on now: above all the webhooks that are being read.

    A process does one thing at a time, and a turn takes as long as several webhooks. LINE waits two
    seconds for each of those and no longer, its customers wait for answers anyway; so a burst is
    taken in whole, and its turns follow. The hub is idle when no socket has anything to be read.
    Under 500 webhooks a second it is so between any two groups of them; where it never is, turns
    are as seldom as this, and do not cease.
    """
    with gevent.Timeout(LONGEST_BACK_S, exception=False):
        gevent.idle()


def wait_for_room(pool: Pool) -> int:
    """For how many more calls there is room, as soon as there is some."""
    return int(pool.wait_available())


def _build_notices(house: House, accounts: Accounts) -> Crew:
    settings, pool = house.settings, Pool(PUSHES_AT_ONCE)
    means = NoticeMeans(
        store=house.store,
        key=house.key,
        accounts=accounts,
        flows=FlowSource(house.store),
        client=line_client(house.settings),
        egress=Egress(settings.private_hosts, most_bytes=MOST_BYTES),
        spawn=pool.spawn,
        public_url=settings.public_url or "",
        zone=settings.timezone,
        waiter=Event,
        sessions_last=settings.sessions_last,
    )
    return Crew(NoticeWorker(means), (pool,))


def line_client(settings: Settings) -> LineClient:
    """LINE, or what stands in its place."""
    return LineClient(settings.line_api_url, settings.line_data_api_url)
