"""Several `serve`s on one PostgreSQL: only a worker that is alone takes over what others began."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
# A process of its own, with what `madoguchi serve` patches.
SERVE = """
from gevent import monkey

monkey.patch_all()

import sys
from contextlib import ExitStack, closing
from pathlib import Path

from console.cli import postgres_wait, process
from console.settings import read_settings
from storage.unit import open_store

postgres_wait.install()
folder, url, *all_roles = sys.argv[1:]
settings = read_settings({"MADOGUCHI_DATA_DIR": folder, "MADOGUCHI_DATABASE_URL": url})
build = process.build_workers


def noted(*given, is_alone):
    print("alone" if is_alone else "beside others", file=sys.stderr)
    return build(*given, is_alone=is_alone)


process.build_workers = noted
with ExitStack() as stack:
    for roles in all_roles:
        only = [] if roles == "all" else roles.split(",")
        store = stack.enter_context(closing(open_store(url)))
        served = process.running(settings, store, ("127.0.0.1", 0), process.Roles.of(only))
        stack.enter_context(served)
"""


def told(url: str, folder: Path, *roles: str) -> list[str]:
    """Of each worker, in the order in which they begin, whether it takes over."""
    run = [sys.executable, "-c", SERVE, str(folder), url, *roles]
    done = subprocess.run(  # noqa: S603 # our own product
        run, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return [line for line in done.stderr.splitlines() if line in {"alone", "beside others"}]


def test_the_second_worker_takes_nothing_over_whatever_its_roles(
    postgres_url: str, tmp_path: Path
) -> None:
    begun = told(postgres_url, tmp_path, "all", "all", "worker")
    assert begun == ["alone", "beside others", "beside others"]


def test_a_worker_beside_processes_of_other_roles_does_not_wait_for_the_dead(
    postgres_url: str, tmp_path: Path
) -> None:
    assert told(postgres_url, tmp_path, "web", "console", "worker") == ["alone"]
