"""`madoguchi demo`, `serve`, `simulator`, `migrate`."""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any


def add(commands: Any) -> None:
    """Put the commands into the parser."""
    demo = commands.add_parser("demo", help="LINEなしで試す(シミュレーターと見本のお客様つき)")
    demo.add_argument("--port", type=int, default=8000)
    demo.add_argument("--data", type=Path, default=Path("data/demo"))
    demo.set_defaults(run=_demo)
    serve = commands.add_parser("serve", help="動かす")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument(
        "--only", action="append", choices=("web", "worker", "console"),
        help="この役だけを動かす(PostgreSQLのときだけ)",
    )  # fmt: skip
    serve.add_argument(
        "--share-port", action="store_true",
        help="同じ役のほかのプロセスと、ひとつのポートを分け合う(PostgreSQLのときだけ)",
    )  # fmt: skip
    serve.set_defaults(run=_serve)
    simulator = commands.add_parser("simulator", help="LINEのシミュレーターだけを動かす")
    simulator.add_argument("--port", type=int, default=9000)
    simulator.set_defaults(run=_simulator)
    migrate = commands.add_parser("migrate", help="データベースをこの版に合わせる")
    migrate.add_argument(
        "--to", metavar="VERSION",
        help="この古い版に戻す(古いMadoguchiを動かす前に、止めてから)",
    )  # fmt: skip
    migrate.set_defaults(run=_migrate)


def _patch() -> None:
    """gevent takes over the blocking calls, before anything else is imported."""
    from gevent import monkey

    monkey.patch_all()


def _demo(options: argparse.Namespace) -> int:
    _patch()
    from console.cli.demo import run_demo

    return run_demo(options.port, options.data.absolute())


def _serve(options: argparse.Namespace) -> int:
    _patch()
    from console.cli.process import Roles, run_serve
    from console.settings import read_settings

    roles = replace(Roles.of(options.only), shares_port=options.share_port)
    return run_serve(read_settings(), options.host, options.port, roles)


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
        return _go_back(settings.database_url, options.to)
    upgrade(settings.database_url)
    print("データベースはこの版に合っています。")
    return 0


def _go_back(database_url: str, version: str) -> int:
    from contextlib import nullcontext

    from console.cli.lock import serving
    from storage.migrate import go_back, sqlite_file

    file = sqlite_file(database_url)
    with serving(file) if file is not None else nullcontext():
        go_back(database_url, version)
    print(f"データベースは{version}版です。この版のMadoguchiを動かしてください。")
    return 0
