"""`madoguchi demo`, `serve`, `simulator`, `migrate`."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from console.cli.words import add_language, helped, tell
from flows.language.sayings.saying import Language


def add(commands: Any) -> None:
    """Put the commands into the parser."""
    demo = commands.add_parser("demo", help=helped("demo"))
    demo.add_argument("--port", type=int, default=8000)
    demo.add_argument("--data", type=Path, default=Path("data/demo"))
    add_language(demo)
    demo.set_defaults(run=_demo)
    serve = commands.add_parser("serve", help=helped("serve"))
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument(
        "--only", action="append", choices=("web", "worker", "console"), help=helped("serve.only")
    )
    serve.add_argument("--share-port", action="store_true", help=helped("serve.share_port"))
    add_language(serve)
    serve.set_defaults(run=_serve)
    simulator = commands.add_parser("simulator", help=helped("simulator"))
    simulator.add_argument("--port", type=int, default=9000)
    simulator.set_defaults(run=_simulator)
    migrate = commands.add_parser("migrate", help=helped("migrate"))
    migrate.add_argument("--to", metavar="VERSION", help=helped("migrate.to"))
    add_language(migrate)
    migrate.set_defaults(run=_migrate)


def _patch() -> None:
    """gevent takes over the blocking calls, before anything else is imported."""
    from gevent import monkey

    monkey.patch_all()


def _demo(options: argparse.Namespace) -> int:
    _patch()
    from console.cli.demo import run_demo

    return run_demo(options.port, options.data.absolute(), options.lang)


def _serve(options: argparse.Namespace) -> int:
    _patch()
    from console.cli.process import Roles, run_serve
    from console.settings import read_settings

    roles = replace(Roles.of(options.only), shares_port=options.share_port)
    return run_serve(read_settings(), options.host, options.port, roles, options.lang)


def _simulator(options: argparse.Namespace) -> int:
    _patch()
    from console.cli.process import run_simulator

    return run_simulator(options.port)


def _migrate(options: argparse.Namespace) -> int:
    from console.settings import read_settings
    from storage.migrate import upgrade

    settings = read_settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if options.to is not None:
        return _go_back(settings.database_url, options.to, options.lang)
    upgrade(settings.database_url)
    print(tell(options.lang, "migrate.done"))
    return 0


def _go_back(database_url: str, version: str, language: Language) -> int:
    from contextlib import nullcontext

    from console.cli.lock import serving
    from storage.migrate import go_back, sqlite_file

    file = sqlite_file(database_url)
    with serving(file) if file is not None else nullcontext():
        go_back(database_url, version)
    print(tell(language, "migrate.went_back", version=version))
    return 0
