"""The README tells of every setting and every command, and of none that is not there."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

from console.cli.main import make_parser

HOUSE = Path(__file__).parent.parent.parent
README = (HOUSE / "README.md").read_text()
SETTING = re.compile(r"MADOGUCHI_[A-Z_]+")
OF_TESTS = {
    *("MADOGUCHI_REQUIRE", "MADOGUCHI_LINE_OPENAPI", "MADOGUCHI_EVERY_PATH"),
    *("MADOGUCHI_STORM", "MADOGUCHI_CHAOS_SEED"),
}


def test_every_setting_is_documented_and_every_documented_one_is_read() -> None:
    readers = (HOUSE / "console" / "settings.py", HOUSE / "console" / "cli" / "words.py")
    read = {name for reader in readers for name in SETTING.findall(reader.read_text())}

    assert read == set(SETTING.findall(README)) - OF_TESTS


def test_every_command_is_documented_and_every_documented_one_is_there() -> None:
    table = README.split("| command | does |\n|---|---|\n")[1].split("\n\n")[0]
    first_cells = [row.split(" | ")[0].replace("\\|", "|") for row in table.splitlines()]
    told = [spelt_out(cell) for cells in first_cells for cell in re.findall(r"`(.+?)`", cells)]

    assert {command for group in told for command in group} == set(commands(make_parser()))


def spelt_out(cell: str) -> Iterator[str]:
    """`flows check|test` as two commands."""
    first, _, kinds = cell.removeprefix("madoguchi ").partition(" ")
    for kind in kinds.split("|"):
        yield f"{first} {kind}".strip()


def commands(parser: argparse.ArgumentParser, before: str = "") -> Iterator[str]:
    """Every command that can be typed."""
    branches = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    if not branches:
        yield before
    for name, child in branches[0].choices.items() if branches else ():
        yield from commands(child, f"{before} {name}".strip())
