"""Several processes on one PostgreSQL, as `serve --only` makes them, and LINE's simulator."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.ports import a_row_of_free_ports
from tests.whole.conftest import ROOT
from tests.whole.product import PATIENCE_S, Product, wait_for

SECRET, TOKEN = "household-secret", "household-token"


@dataclass
class Household:
    """The processes by their name, each with its port; those of `web` share the product's."""

    product: Product
    ports: dict[str, int]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, *names: str) -> None:
        """Start processes (`web1`, `worker2`, …) at the same moment, and wait for all."""
        for name in names:
            role = name.rstrip("0123456789")
            run = [sys.executable, "-m", "console", "serve", "--only", role]
            run += ["--port", str(self.ports[name]), *_more_of(role)]
            with (self.product.folder / f"{name}.log").open("ab") as log:
                self.running[name] = subprocess.Popen(
                    run, cwd=ROOT, env=self.product.environment(), stdout=log, stderr=log
                )
        for name in names:
            wait_for(f"http://127.0.0.1:{self.ports[name]}/readyz", len(names) * PATIENCE_S)

    def kill(self, name: str) -> None:
        process = self.running.pop(name)
        process.kill()
        process.wait()

    def terminate(self, name: str) -> int:
        """SIGTERM; the exit status."""
        process = self.running.pop(name)
        process.send_signal(signal.SIGTERM)
        return process.wait(PATIENCE_S)

    def log_of(self, name: str) -> str:
        return (self.product.folder / f"{name}.log").read_text()


@contextmanager
def household(tmp_path: Path, url: str, names: tuple[str, ...]) -> Iterator[Household]:
    """A new install, with these processes started at the same moment."""
    port = a_row_of_free_ports(len(names) + 2)  # the webhook's, LINE's, and one for each
    ports = {name: port if "web" in name else port + 2 + n for n, name in enumerate(names)}
    product = Product(tmp_path, port, {"MADOGUCHI_DATABASE_URL": url})
    house = Household(product, ports)
    with ExitStack() as stack:
        line = subprocess.Popen(
            [sys.executable, "-m", "console", "simulator", "--port", str(port + 1)],
            cwd=ROOT, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        stack.callback(line.wait)
        stack.callback(line.terminate)
        stack.callback(lambda: [house.kill(name) for name in list(house.running)])
        _add_account(product)
        house.start(*names)
        wait_for(f"{product.line_url}/sim/v1/friends")
        webhook = f"http://127.0.0.1:{port}/line/main/webhook"
        account = {"id": "main", "secret": SECRET, "token": TOKEN, "webhook_url": webhook}
        product.sim("accounts", account)
        yield house


def _more_of(role: str) -> list[str]:
    return ["--share-port"] if role == "web" else []


def _add_account(product: Product) -> None:
    secret, token = product.folder / "secret", product.folder / "token"
    secret.write_text(SECRET)
    token.write_text(TOKEN)
    run = [sys.executable, "-m", "console", "account", "add", "main", "--name", "見本"]
    run += ["--secret-file", str(secret), "--token-file", str(token)]
    environment = product.environment()
    subprocess.run(run, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
