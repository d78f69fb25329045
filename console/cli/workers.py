"""What tells staff that somebody waits, put together for one process."""

from gevent.event import Event
from gevent.pool import Pool

from bot.accounts import Accounts
from bot.egress import Egress
from bot.flow_source import FlowSource
from bot.line_client import LineClient
from bot.notice_worker import NoticeMeans, NoticeWorker
from console.settings import Settings
from storage.unit import Store

PUSHES_AT_ONCE = 32
MOST_BYTES = 64 * 1024  # of a push service's answer, which has nothing to say


def build_notice_worker(
    settings: Settings, store: Store, accounts: Accounts, key: bytes
) -> NoticeWorker:
    """Beside the worker that serves customers; it keeps none of them waiting."""
    means = NoticeMeans(
        store=store,
        key=key,
        accounts=accounts,
        flows=FlowSource(store),
        client=LineClient(settings.line_api_url, settings.line_data_api_url),
        egress=Egress(settings.private_hosts, most_bytes=MOST_BYTES),
        spawn=Pool(PUSHES_AT_ONCE).spawn,
        public_url=settings.public_url or "",
        zone=settings.timezone,
        waiter=Event,
    )
    return NoticeWorker(means)
