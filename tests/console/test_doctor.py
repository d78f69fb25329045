"""The doctor finds what is wrong, says what to do, and asks LINE as LINE describes it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.serving import make_server

from bot.accounts import Accounts
from bot.line_client import LineClient
from bot.simulator.app import create_app
from bot.simulator.state import SimAccount, Simulator
from bot.webhook import webhook
from console.cli import lock
from console.cli.doctor import line, machine
from console.cli.doctor.database import check_database
from console.cli.doctor.findings import Finding
from console.cli.doctor.line import check_line
from console.cli.doctor.machine import check_machine
from console.cli.words import WORDS, tell
from console.settings import Settings, read_settings
from console.upkeep import confirm_redelivery, note_upkeep, read_confirmed
from storage.accounts import NewAccount, add_account
from storage.models.work import Arrival
from storage.unit import Store, open_store
from tests.bot.openapi import FOLDER
from tests.commands import typed

KEY = "abcdefghijklmnopqrstuvwxyz0123456789"
ENVIRONMENT = {"MADOGUCHI_SECRET_KEY": KEY, "MADOGUCHI_PUBLIC_URL": "https://m.example.com"}


def settings(tmp_path: Path, **more: str) -> Settings:
    return read_settings({"MADOGUCHI_DATA_DIR": str(tmp_path), **ENVIRONMENT, **more})


def keys(findings: Iterator[Finding], *levels: str) -> set[str]:
    """Of the findings that are not well, or of these levels."""
    found = list(findings)
    for finding in found:
        for language in ("ja", "en"):
            assert tell(language, f"doctor.{finding.key}", **finding.params)  # type: ignore[arg-type] # both
            if finding.level != "ok":
                assert tell(language, f"doctor.{finding.key}.do", **finding.params)  # type: ignore[arg-type] # both
    return {f.key for f in found if f.level in (levels or ("warning", "error"))}


def test_every_sentence_that_is_no_remedy_has_its_level() -> None:
    told = {key for key in WORDS if key.startswith("doctor.") and not key.endswith(".do")}
    for key in told - {"doctor.ok", "doctor.warning", "doctor.error", "doctor.counts"}:
        source = "".join(
            path.read_text()
            for path in (Path(line.__file__).parent).glob("*.py")
            if "words" not in path.name
        )
        name = key.removeprefix("doctor.")
        assert f'"{name}"' in source or f'.{name.split(".")[1]}"' in source, key


class TestMachine:
    def test_a_house_in_order(self, tmp_path: Path) -> None:
        now = datetime.now(UTC)
        note_upkeep(tmp_path, "backup", now)
        note_upkeep(tmp_path, "restore_test", now)

        assert keys(check_machine(settings(tmp_path), now)) <= {"disk.little", "fsync.slow"}

    def test_upkeep_that_was_forgotten(self, tmp_path: Path) -> None:
        now = datetime.now(UTC)
        assert {"backup.never", "restore_test.never"} <= keys(
            check_machine(settings(tmp_path), now), "warning"
        )
        note_upkeep(tmp_path, "backup", now)
        note_upkeep(tmp_path, "restore_test", now)

        found = keys(check_machine(settings(tmp_path), now + timedelta(days=9)), "error")
        assert {"backup.old", "restore_test.old"} <= found
        assert "restore_test.old" not in keys(
            check_machine(settings(tmp_path), now + timedelta(days=7)), "error"
        )

    @pytest.mark.parametrize(
        ("url", "key"),
        [
            ("", "address.none"), ("http://127.0.0.1:8000", "address.own"),
            ("http://localhost", "address.own"), ("http://m.example.com", "address.http"),
            ("https://*", "address.bad"), ("https://m.example.com/path", "address.bad"),
            ("m.example.com", "address.bad"),
        ],
    )  # fmt: skip
    def test_addresses(self, tmp_path: Path, url: str, key: str) -> None:
        house = settings(tmp_path, MADOGUCHI_PUBLIC_URL=url)
        assert key in keys(check_machine(house, datetime.now(UTC)))

    def test_keys(self, tmp_path: Path) -> None:
        now, path = datetime.now(UTC), tmp_path / "secret.key"
        assert "key.weak" in keys(
            check_machine(settings(tmp_path, MADOGUCHI_SECRET_KEY="ab" * 20), now)
        )
        own = settings(tmp_path, MADOGUCHI_SECRET_KEY="")
        assert "key.none" in keys(check_machine(own, now))
        own.key()
        assert "key.good" in keys(check_machine(own, now), "ok")
        path.chmod(0o640)
        assert "key.open" in keys(check_machine(own, now), "error")

    def test_old_libraries_a_full_or_slow_disk_and_a_network(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now, house = datetime.now(UTC), settings(tmp_path)
        monkeypatch.setattr(machine, "PINS", {"Jinja2": (99, 0, 0)})
        monkeypatch.setattr(machine, "UNWANTED", ("yaml",))
        monkeypatch.setattr(machine, "LITTLE_BYTES", 10**18)
        monkeypatch.setattr(machine, "LEAST_BYTES", 10**17)
        monkeypatch.setattr(machine, "SLOW_FSYNC_MS", -1.0)
        mounts = tmp_path / "mounts"
        mounts.write_text("1 1 0:1 / / rw - nfs4 far:/ rw\n")
        monkeypatch.setattr(lock, "MOUNTS", mounts)

        found = keys(check_machine(house, now))

        assert {"pin.old", "unwanted", "disk.little", "fsync.slow", "network"} <= found


class TestDatabase:
    def test_a_database_in_order_and_one_that_loses_what_it_was_told(self, store: Store) -> None:
        found = keys(check_database(store))
        # The PostgreSQL of these tests is told not to wait for the disk.
        assert found == (set() if store.dialect == "sqlite" else {"durable.not"})

    def test_another_version_is_not_looked_into(self, store: Store) -> None:
        store.write(lambda db: db.execute(text("UPDATE alembic_version SET version_num = '0001'")))
        assert keys(check_database(store)) == {"version.other"}

    def test_a_history_that_was_changed_and_events_set_aside(
        self, store: Store, now: datetime, tmp_path: Path
    ) -> None:
        def fill(db: Any) -> None:
            add_account(db, settings(tmp_path).key(), NEW, now)
            db.add(
                Arrival(
                    account_id="main", event_id="e", lane="x", kind="x", raw={}, state="aside",
                    received_at=now,
                )
            )  # fmt: skip
            db.flush()
            db.execute(text("UPDATE audit_head SET last_id = 3"))

        store.write(fill)

        assert {"audit.broken", "aside.some"} <= keys(check_database(store))


NEW = NewAccount("main", "見本", "main", "sample-secret", "sample-token")


class Line:
    """LINE and our webhook, in this process."""

    def __init__(self, store: Store, tmp_path: Path, url: str, simulator: Simulator) -> None:
        self.store, self.simulator, self.url = store, simulator, url
        self.settings = settings(tmp_path)

    def find(self, off: timedelta = timedelta()) -> set[str]:
        client = LineClient(self.url, self.url)
        return keys(check_line(self.settings, self.store, client, lambda: datetime.now(UTC) + off))

    @property
    def account(self) -> SimAccount:
        return self.simulator.accounts["main"]


@contextmanager
def serve(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    loop = {"poll_interval": 0.02}
    thread = threading.Thread(target=server.serve_forever, kwargs=loop, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def line_of(store: Store, tmp_path: Path, now: datetime) -> Iterator[Line]:
    simulator = Simulator()
    key = settings(tmp_path).key()
    store.write(lambda db: add_account(db, key, NEW, now))
    bot = Flask("bot")
    bot.register_blueprint(webhook(store, Accounts(store, key), lambda: now))
    line_app = create_app(simulator, openapi=FOLDER if FOLDER.is_dir() else None)
    with serve(bot) as ours, serve(line_app) as theirs:
        place = f"{ours}/line/main/webhook"
        simulator.add_account(SimAccount("main", "sample-secret", "sample-token", place, 200))
        found = Line(store, tmp_path, theirs, simulator)
        found.settings = settings(tmp_path, MADOGUCHI_PUBLIC_URL=ours)
        yield found


def test_an_account_in_order(line_of: Line, tmp_path: Path) -> None:
    assert line_of.find() == {"redelivery.unknown"}
    confirm_redelivery(tmp_path, "main")
    assert line_of.find() == set()
    asked = {(call["method"], call["path"]) for call in line_of.simulator.log}
    assert asked == {
        ("GET", "/v2/bot/info"),
        ("GET", "/v2/bot/channel/webhook/endpoint"),
        ("POST", "/v2/bot/channel/webhook/test"),
        ("GET", "/v2/bot/message/quota"),
        ("GET", "/v2/bot/message/quota/consumption"),
    }


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (lambda sim: setattr(sim, "token", "another"), "token.bad"),
        (lambda sim: setattr(sim, "webhook_url", ""), "webhook.none"),
        (lambda sim: setattr(sim, "is_webhook_on", False), "webhook.off"),
        (lambda sim: setattr(sim, "webhook_url", sim.webhook_url + "x"), "webhook.other"),
        (lambda sim: setattr(sim, "secret", "another"), "webhook.fails"),
        (lambda sim: setattr(sim, "pushed", 190), "quota.low"),
    ],
)
def test_what_is_wrong_at_line(
    line_of: Line, tmp_path: Path, change: Callable[[SimAccount], None], key: str
) -> None:
    confirm_redelivery(tmp_path, "main")
    change(line_of.account)

    found = line_of.find()

    assert key in found
    assert found <= {key, "webhook.fails"}


def test_a_clock_that_is_off_a_line_that_is_silent_and_a_foreign_key(
    line_of: Line, tmp_path: Path
) -> None:
    confirm_redelivery(tmp_path, "main")
    assert line_of.find(off=timedelta(seconds=5)) == {"clock.off"}
    assert line_of.find(off=timedelta(seconds=-5)) == {"clock.off"}

    line_of.url = "http://127.0.0.1:9"
    assert line_of.find() == {"line.silent"}
    line_of.settings = settings(tmp_path, MADOGUCHI_SECRET_KEY="z" * 32)
    assert line_of.find() == {"account.sealed"}


def test_the_command_tells_all_of_it_and_its_status(
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("MADOGUCHI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("MADOGUCHI_DATABASE_URL", database_url)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("console.cli.doctor.database.POSTGRES", {})
    if not database_url.startswith("sqlite"):  # as in these tests it is
        monkeypatch.setattr("console.cli.doctor.database.OFF", "never")

    def run(*options: str) -> tuple[int, str]:
        return typed("doctor", *options), capsys.readouterr().out

    status, told = run("--offline")
    assert status == 1
    assert "データベースがありません" in told
    (tmp_path / "data").mkdir()
    with closing(open_store(database_url)) as store:
        key = read_settings().key()
        store.write(lambda db: add_account(db, key, NEW, datetime.now(UTC)))
    status, told = run("--offline", "--lang", "en")
    assert (status, "errors 0" in told) == (0, True)
    assert "NOTICE  There never was a backup" in told
    assert "→ Set MADOGUCHI_BACKUP_DIR to a folder" in told
    assert "main" not in told
    monkeypatch.setenv("MADOGUCHI_LINE_API_URL", "http://127.0.0.1:9")
    status, told = run("--lang", "en", "--redelivery-is-on", "main")
    assert status == 1
    assert "main: LINE does not answer" in told
    assert "redelivery is on, as somebody has confirmed" in told
    both = ("--redelivery-is-on", "main", "--redelivery-is-on", "mian")
    assert typed("doctor", "--lang", "en", *both) == 2
    assert "There is no account mian. There is main." in capsys.readouterr().err
    assert read_confirmed(tmp_path / "data") == {"main"}
    for secret in ("sample-secret", "sample-token", KEY):
        assert secret not in told
