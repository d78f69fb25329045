"""One process: which roles it plays, what it is made of, how it starts and how it stops.

Runs on gevent (the command patches first). SQLite is written on one native thread, so that an
fsync never holds the hub.
"""

import logging
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

import gevent
from flask import Blueprint, Flask
from gevent.event import Event
from gevent.threadpool import ThreadPool

from bot.accounts import Accounts
from bot.flow_source import FlowSource
from bot.forms import form_pages
from bot.webhook import webhook
from console.app import create_app
from console.cli.crew import Crew, leave
from console.cli.encoders import build_encoding, figures_of
from console.cli.line_checks import find_faults
from console.cli.lock import serving
from console.cli.logs import write_logs
from console.cli.open_store import opened
from console.cli.words import tell
from console.cli.workers import build_workers, line_client
from console.door import Beside, House
from console.live import Live
from console.publishing import publish_first_folder
from console.server import Server, add_socketio, listen, make_server
from console.settings import BadSetting, Settings
from flows.language.checker import check
from flows.language.loader import load_folder
from flows.language.report import render_text
from flows.language.sayings.saying import Language
from storage.far_bell import open_far_bell
from storage.flow_versions import has_any
from storage.migrate import sqlite_file
from storage.unit import Store

T = TypeVar("T")
Figures = Callable[[], Mapping[str, int]]
log = logging.getLogger("madoguchi")


@dataclass(frozen=True, slots=True)
class Roles:
    """What this process does. shares_port: with others of the same roles."""

    web: bool = True
    worker: bool = True
    console: bool = True
    shares_port: bool = False

    @staticmethod
    def of(only: list[str] | None) -> "Roles":
        """All of them, or the named ones."""
        if not only:
            return Roles()
        return Roles("web" in only, "worker" in only, "console" in only)

    @property
    def is_alone(self) -> bool:
        """Whether nobody else may be at work on the same database."""
        return self.is_whole and not self.shares_port

    @property
    def is_whole(self) -> bool:
        """Whether one process does everything."""
        return self.web and self.worker and self.console


class NativeThread:
    """Waits for the disk: gevent's own pool, because patched threads are greenlets."""

    def __init__(self) -> None:
        self._pool = ThreadPool(1)

    def commit(self, commit: Callable[[], None]) -> None:
        """Commit there; only this greenlet waits."""
        self._pool.apply(commit)

    def breathe(self) -> None:
        """Let the other greenlets run."""
        gevent.sleep(0)

    def close(self) -> None:
        """Let the thread end."""
        self._pool.kill()


def run_serve(
    settings: Settings, host: str, port: int, roles: Roles, language: Language = "ja"
) -> int:
    """Serve until a signal comes."""
    is_sqlite = settings.database_url.startswith("sqlite")
    if is_sqlite and not roles.is_whole:
        raise BadSetting(
            "--only needs PostgreSQL, because SQLite is served by one process. Leave --only out, "
            "or set MADOGUCHI_DATABASE_URL to postgresql+psycopg://…"
        )
    if is_sqlite and roles.shares_port:
        raise BadSetting(
            "--share-port needs PostgreSQL, because SQLite is served by one process. Leave it out, "
            "or set MADOGUCHI_DATABASE_URL to postgresql+psycopg://…"
        )
    if not is_sqlite:
        from console.cli import postgres_wait  # its driver is not there without the extra

        postgres_wait.install()
    settings = replace(settings, public_url=settings.public_url or f"http://{host}:{port}")
    with ExitStack() as stack:
        if file := sqlite_file(settings.database_url):
            stack.enter_context(serving(file))
        store = stack.enter_context(opened(settings, NativeThread() if is_sqlite else None))
        publish_first(settings, store, language)
        stack.enter_context(running(settings, store, (host, port), roles))
        stopped = signalled()
        print(f"Madoguchi: {settings.public_url}", flush=True)
        stopped.wait()
    return 0


@contextmanager
def running(
    settings: Settings,
    store: Store,
    address: tuple[str, int],
    roles: Roles,
    phone_url: str | None = None,
) -> Iterator[None]:
    """The roles at work, for as long as the block lasts. Raises OSError for a taken port."""
    key, slow, leaving = settings.key(), ThreadPool(2), Event()
    accounts = Accounts(store, key)
    write_logs(key)
    counted: list[Figures] = []
    house = House(
        store,
        settings,
        key,
        beside=beside_on(slow),
        phone_url=phone_url,
        figures=partial(_all_of, counted),
        is_leaving=leaving.is_set,
        line_check=partial(find_faults, line_client(settings), accounts),
    )
    doors = _customers_doors(store, accounts, key) if roles.web else []
    app = create_app(house, *doors, has_console=roles.console)
    # Without the console there is nobody who would tell a browser anything.
    browsers = _browsers(app, house, _origins(settings, address), counted) if roles.console else []
    workers = _workers(house, accounts, slow, roles, counted) if roles.worker else []
    server = make_server(app, listen(*address, is_shared=roles.shares_port))
    with _heard_from_afar(settings, store), _at_work(server, workers, browsers, leaving):
        yield


def _browsers(app: Flask, house: House, origins: list[str], counted: list[Figures]) -> list[Crew]:
    live = Live(add_socketio(app, house, origins), house, waiter=Event)
    counted.append(live.figures)
    return [Crew(live, farewell=live.say_goodbye)]


def _workers(
    house: House, accounts: Accounts, slow: ThreadPool, roles: Roles, counted: list[Figures]
) -> list[Crew]:
    encoding = build_encoding(house.settings, house.store, slow.apply)
    counted.append(partial(figures_of, encoding))
    return build_workers(house, accounts, encoding, is_alone=roles.is_alone)


@contextmanager
def _at_work(
    server: Server, workers: Sequence[Crew], browsers: Sequence[Crew], leaving: Event
) -> Iterator[None]:
    server.start()
    for crew in (*workers, *browsers):
        crew.start()
    try:
        yield
    finally:
        leaving.set()
        leave(server, workers, browsers)


@contextmanager
def _heard_from_afar(settings: Settings, store: Store) -> Iterator[None]:
    """What other processes commit rings here too."""
    far = open_far_bell(settings.database_url, store.name)
    listening = gevent.spawn(_listen_far, store, far)
    try:
        yield
    finally:
        listening.kill()
        far.close()


def _all_of(counted: Sequence[Figures]) -> Mapping[str, int]:
    return {name: n for count in counted for name, n in count().items()}


def beside_on(pool: ThreadPool) -> Beside:
    """Its work's refusals rise in the caller alone: the pool would print each with its trace."""

    def work_beside(work: Callable[[], Any]) -> Any:
        done, error = pool.apply(_tried, (work,))
        if error is not None:
            raise error
        return done

    return work_beside


def _tried(work: Callable[[], Any]) -> tuple[Any, Exception | None]:
    try:
        return work(), None
    except Exception as error:
        return None, error


def _customers_doors(store: Store, accounts: Accounts, key: bytes) -> list[Blueprint]:
    """Where LINE's events come in, and the pages that customers open."""

    def clock() -> datetime:
        return datetime.now(UTC)

    return [webhook(store, accounts, clock), form_pages(store, FlowSource(store), key, clock)]


def run_simulator(port: int) -> int:
    """LINE alone, until a signal comes."""
    from bot.simulator.app import create_app as create_simulator
    from bot.simulator.state import Simulator

    server = make_server(create_simulator(Simulator()), listen("127.0.0.1", port))
    server.start()
    stopped = signalled()
    print(f"LINE simulator: http://127.0.0.1:{port}/phone", flush=True)
    stopped.wait()
    server.stop(timeout=1)
    return 0


def publish_first(settings: Settings, store: Store, language: Language = "ja") -> None:
    """Publish the folder into a database that never had a flow; a folder with errors is shown."""
    if store.read(has_any) or not settings.flows_dir.is_dir():
        return
    folder = load_folder(settings.flows_dir)
    errors = [problem for problem in check(folder) if problem.severity == "E"]
    if errors:
        print(render_text(errors, folder.sources, language), file=sys.stderr)
        print(tell(language, "serve.unpublished"), file=sys.stderr)
        return
    publish_first_folder(store, folder, "はじめての公開", datetime.now(UTC))


def signalled() -> Event:
    """Set by SIGTERM or Ctrl-C, from now on; taken before anybody is told that it runs."""
    stopped = Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(name, stopped.set)
    return stopped


def _listen_far(store: Store, far: Any) -> None:
    while True:
        try:
            if topics := far.wait(1.0):
                store.bell.ring(topics)
        except Exception:  # without it, news would come late for as long as the process lives
            log.exception("other processes could not be listened to")
            gevent.sleep(1)


def _origins(settings: Settings, address: tuple[str, int]) -> list[str]:
    host, port = address
    own = [f"http://{name}:{port}" for name in {host, "127.0.0.1", "localhost"}]
    return [*own, *([settings.public_url] if settings.public_url else [])]
