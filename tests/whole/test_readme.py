"""The README tells of every setting and every command, and of none that is not there."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import yaml
from sqlalchemy import make_url

from console.cli.main import make_parser
from console.settings import read_settings

HOUSE = Path(__file__).parent.parent.parent
README = (HOUSE / "README.md").read_text()
STORM = re.compile(r"`(test_\w+\.py)`")
SETTING = re.compile(r"MADOGUCHI_[A-Z_]+")
OF_TESTS = {
    *("MADOGUCHI_REQUIRE", "MADOGUCHI_LINE_OPENAPI", "MADOGUCHI_EVERY_PATH"),
    *("MADOGUCHI_STORM", "MADOGUCHI_CHAOS_SEED", "MADOGUCHI_EXAMPLES"),
    *("MADOGUCHI_BROWSERS", "MADOGUCHI_CHAOS_S"),
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


def test_every_storm_has_its_row_and_every_row_its_storm() -> None:
    table = README.split("### Storms")[1].split("|---|---|---|\n")[1].split("\n\n")[0]
    told = {name for row in table.splitlines() for name in STORM.findall(row.split(" | ")[0])}

    assert told == {file.name for file in (HOUSE / "tests" / "chaos").glob("test_*.py")}
    assert "[Storms](#storms)" in README.split("\n## 日本語")[0]


def test_the_compose_file_starts_each_room_by_a_command_that_exists() -> None:
    tree = yaml.safe_load(README.split("```yaml\n# compose.yaml")[1].split("```")[0])
    services = tree["services"]
    ours = {name: one for name, one in services.items() if one["command"][0] == "madoguchi"}
    roles = {name: make_parser().parse_args(one["command"][1:]).only for name, one in ours.items()}

    assert roles == {name: [name] for name in ("web", "worker", "console")}
    for name, service in ours.items():
        url = make_url(service["environment"]["MADOGUCHI_DATABASE_URL"].replace(":?", ""))
        settings = read_settings({k: str(v) for k, v in service["environment"].items()})
        assert (url.host, url.drivername) == ("database", "postgresql+psycopg"), name
        assert settings.is_https, name
        assert set(service["depends_on"]) <= set(services), name
    assert "healthcheck" in services["database"]
    mounted = {v.partition(":")[0] for one in services.values() for v in one["volumes"]}
    assert mounted == set(tree["volumes"])


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
