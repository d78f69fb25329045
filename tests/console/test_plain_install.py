"""What the README's first line installs is enough to try it and to serve."""

import subprocess
import sys

OF_EXTRAS = ("psycopg", "psycopg_binary", "numpy")
STARTING = """
import sys
from importlib import import_module

for name in {extras}:
    sys.modules[name] = None  # as if it were not there
for name in ("console.cli.main", "console.cli.demo", "console.cli.process", "console.cli.workers"):
    import_module(name)
"""


def test_nothing_of_an_extra_is_wanted_before_it_is_asked_for() -> None:
    code = STARTING.format(extras=OF_EXTRAS)
    done = subprocess.run(  # noqa: S603 # our own interpreter
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
