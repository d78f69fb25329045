"""Every figure of the README, side by side in one run: `.venv/bin/python tests/bench/run.py`.

Prints a table with the machine. Nothing here asserts a time: machines differ, ratios matter.
"""

import argparse
import json
import platform
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import psutil
from candidates_list import SECRET, candidates, madoguchi
from processes import Driver, cpu_s, rss_mb, running

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def main() -> None:
    """Measure each candidate at both latencies, then what only Madoguchi has."""
    options = _options()
    work = Path(tempfile.mkdtemp(prefix="madoguchi-bench-"))
    print(_machine(), flush=True)
    try:
        for delay_s in (0.0, 0.08):
            print(
                f"\nW1, LINE's API answers after {delay_s * 1000:.0f} ms\n\n{_head()}", flush=True
            )
            for position in range(4):
                print(_row(_measure(position, delay_s, work, options)), flush=True)
        print("\nOperators' sockets\n", flush=True)
        print(json.dumps(_sockets(work, options), ensure_ascii=False), flush=True)
        for part in ("engine", "faq"):
            print(f"\nThe {part} alone\n", flush=True)
            subprocess.run([sys.executable, "-m", f"tests.bench.{part}"], cwd=ROOT, check=True)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=4000, help="events of the closed loop")
    parser.add_argument("--open-seconds", type=int, default=20, help="length of the open loop")
    parser.add_argument("--sockets", type=int, default=200)
    parser.add_argument("--cache", type=Path, default=Path(tempfile.gettempdir()) / "bench-env")
    return parser.parse_args()


def _measure(
    position: int, delay_s: float, work: Path, options: argparse.Namespace
) -> dict[str, Any]:
    folder = work / f"{position}-{delay_s}"
    folder.mkdir(parents=True)
    port = _free_port()
    path = "/line/main/webhook" if position == 3 else "/callback"
    driver = Driver(path, delay_s)
    try:
        candidate = candidates(options.cache, folder, driver.api_port, port)[position]
        with running(candidate, port, folder / "log") as (process, ready_s):
            return {
                "name": candidate.name,
                "ready_s": round(ready_s, 2),
                **_figures(driver, process, port, options),
            }
    finally:
        driver.close()


def _figures(
    driver: Driver, process: psutil.Process, port: int, options: argparse.Namespace
) -> dict[str, Any]:
    shared = {"port": port, "connections": 32, "patience_s": 5}
    driver.drive(run="warm", count=400, rate=0, **shared)
    before = cpu_s(process)
    closed = driver.drive(run="load", count=options.events, rate=0, **shared)
    spent = cpu_s(process) - before
    calm = driver.drive(run="calm", count=50 * options.open_seconds, rate=50, **shared)
    return {
        "closed": closed,
        "cpu_s_per_1000": round(1000 * spent / max(1, closed["replied"]), 2),
        "open": calm,
        "rss_mb": round(rss_mb(process)),
    }


def _sockets(work: Path, options: argparse.Namespace) -> dict[str, Any]:
    folder = work / "sockets"
    folder.mkdir()
    port = _free_port()
    driver = Driver("/line/main/webhook", 0.0)
    try:
        candidate = madoguchi(folder, driver.api_port, port)
        with running(candidate, port, folder / "log") as (process, ready_s):
            orders = {
                "port": port, "sockets": options.sockets, "secret": SECRET, "events": 500,
                "rate": 50, "password": "four measured sockets hum",
            }  # fmt: skip
            script = [sys.executable, str(HERE / "sockets.py"), json.dumps(orders)]
            done = subprocess.run(script, check=True, capture_output=True, text=True)
            figures: dict[str, Any] = json.loads(done.stdout)
            return {"ready_s": round(ready_s, 2), "rss_mb": round(rss_mb(process)), **figures}
    finally:
        driver.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _machine() -> str:
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{platform.system()} {platform.release()}, {psutil.cpu_count()} cores, {memory:.0f} GiB, "
        f"Python {platform.python_version()}"
    )


def _head() -> str:
    titles = (
        "candidate", "replies/s", "ack p50/p99 ms", "webhook→reply p50/p99 ms", "CPU s per 1,000",
        "RSS MB", "50/s: ack p50/p99 ms", "answered", "twice", "pushes", "ready s",
    )  # fmt: skip
    return f"| {' | '.join(titles)} |\n|{'---|' * len(titles)}"


def _row(figures: dict[str, Any]) -> str:
    closed, calm = figures["closed"], figures["open"]
    cells = (
        figures["name"],
        closed["replies_per_s"],
        _pair(closed["ack_ms"]),
        _pair(closed["reply_ms"]),
        figures["cpu_s_per_1000"],
        figures["rss_mb"],
        _pair(calm["ack_ms"]),
        f"{closed['replied']} of {closed['sent']}",
        closed["repeated"],
        closed["pushes"],
        figures["ready_s"],
    )
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def _pair(values: list[float | None]) -> str:
    return " / ".join("–" if value is None else f"{value:g}" for value in values)


if __name__ == "__main__":
    main()
