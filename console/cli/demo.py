"""The demo: everything in one process, with sample people whose talks really happen.

Nobody's row is written by hand: the samples talk on the simulator's phones, LINE's webhooks come
in, the bot answers, and what is on the screen is what a real day would have left there.
"""

import json
import secrets
import shutil
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from unicodedata import east_asian_width

from bot.simulator.app import create_app as create_simulator
from bot.simulator.state import SimAccount, Simulator
from console.cli.demo_replies import keep_replies
from console.cli.demo_staff import work_at_the_desk
from console.cli.demo_talks import talk_all
from console.cli.lock import serving
from console.cli.open_store import opened
from console.cli.process import NativeThread, Roles, publish_first, running, signalled
from console.cli.words import tell
from console.passwords import hash_password
from console.server import listen, make_server
from console.settings import Settings, read_settings
from flows.language.sayings.saying import Language
from storage.accounts import NewAccount, add_account, list_accounts
from storage.audit import COMMAND
from storage.operators import NewOperator, list_operators
from storage.staffing import add
from storage.unit import Store

ACCOUNT = "salon"
STAFF = (
    ("manager@example.com", "見本店長", "manager"),
    ("leader@example.com", "見本リーダー", "supervisor"),
    ("staff-a@example.com", "見本スタッフA", "operator"),
    ("staff-b@example.com", "見本スタッフB", "operator"),
)
COLUMN = 20
FLOWS = Path(__file__).parent.parent.parent / "flows"


def run_demo(port: int, data_dir: Path, language: Language = "ja") -> int:
    """Run until Ctrl-C; a second start finds its people."""
    data_dir.mkdir(parents=True, exist_ok=True)
    console_url, line_url = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}"
    settings = _settings(data_dir, console_url, line_url)
    with ExitStack() as stack:
        stack.enter_context(serving(data_dir / "madoguchi.db"))
        store = stack.enter_context(opened(settings, NativeThread()))
        signs = _sign_ins(settings, store)
        simulator = Simulator(data_dir / "line.json")
        is_new = not store.read(list_accounts)
        _open_account(settings, store, simulator)
        publish_first(settings, store, language)
        frames = f"{console_url} http://localhost:{port}"
        phones = make_server(create_simulator(simulator, frames), listen("127.0.0.1", port + 1))
        phones.start()
        stack.callback(phones.stop, timeout=1)
        address = ("127.0.0.1", port)
        stack.enter_context(running(settings, store, address, Roles(), f"{line_url}/phone"))
        if is_new:
            print(tell(language, "demo.talking"), flush=True)
            keep_replies(store, STAFF[0][0])
            talk_all(line_url, ACCOUNT)
            work_at_the_desk(console_url, signs, STAFF[0][0])
        stopped = signalled()
        places = {"inbox": console_url, "phone": f"{line_url}/phone", "flows": settings.flows_dir}
        _greet(places, signs, language)
        stopped.wait()
        print("\n" + tell(language, "demo.stopped"), flush=True)
    return 0


def _settings(data_dir: Path, console_url: str, line_url: str) -> Settings:
    """Nothing of the environment: a demo is the same everywhere."""
    return replace(
        read_settings({}),
        data_dir=data_dir,
        database_url=f"sqlite:///{data_dir}/madoguchi.db",
        flows_dir=_own_flows(data_dir),
        public_url=console_url,
        line_api_url=line_url,
        line_data_api_url=line_url,
    )


def _own_flows(data_dir: Path) -> Path:
    """The sample flows, copied once: managers change theirs, not what was installed."""
    own = data_dir / "flows"
    if not own.exists():
        shutil.copytree(FLOWS, own, ignore=shutil.ignore_patterns("language", "line", "*.py", "_*"))
    return own


def _open_account(settings: Settings, store: Store, simulator: Simulator) -> None:
    """The salon's account, known to us and to the simulator by the same secrets."""
    path = settings.data_dir / "line-account.json"
    if not path.exists():
        _write_private(path, {name: secrets.token_hex(16) for name in ("secret", "token")})
    kept = json.loads(path.read_text())
    webhook_url = f"{settings.public_url}/line/{ACCOUNT}/webhook"
    simulator.add_account(SimAccount(ACCOUNT, kept["secret"], kept["token"], webhook_url))
    if not store.read(list_accounts):
        new = NewAccount(ACCOUNT, "見本の美容室", ACCOUNT, kept["secret"], kept["token"])
        key = settings.key()
        store.write(lambda db: add_account(db, key, new, datetime.now(UTC)))


def _sign_ins(settings: Settings, store: Store) -> dict[str, str]:
    """Four people with random passwords, kept where only the owner can read."""
    path = settings.data_dir / "sign-ins.json"
    if not path.exists():
        _write_private(path, {email: secrets.token_urlsafe(12) for email, _, _ in STAFF})
    passwords: dict[str, str] = json.loads(path.read_text())
    if not store.read(list_operators):
        for email, name, role in STAFF:
            new = NewOperator(email, name, role, hash_password(passwords[email]))
            store.write(lambda db, new=new: add(db, new, COMMAND, datetime.now(UTC)))  # type: ignore[misc] # bound now
    return passwords


def _write_private(path: Path, content: dict[str, str]) -> None:
    path.touch(mode=0o600)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1))


def _greet(places: Mapping[str, object], signs: dict[str, str], language: Language) -> None:
    names = {email: name for email, name, _ in STAFF}
    lines = [f"  {_wide(tell(language, f'demo.{key}'))}{at}" for key, at in places.items()]
    lines += ["", *(f"  {email:<22}{word}  {names[email]}" for email, word in signs.items())]
    title, how_to_stop = tell(language, "demo.title"), tell(language, "demo.how_to_stop")
    print("\n".join(["", title, *lines, "", how_to_stop]), flush=True)


def _wide(label: str) -> str:
    """In a column: a terminal gives a Japanese sign the room of two others."""
    return label + " " * (COLUMN - sum(1 + (east_asian_width(sign) == "W") for sign in label))
