"""What is asked of a system like ours, line by line: which test shows it, or what is missing."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent
README = (TESTS.parent / "README.md").read_text()
LINES = [
    [part.strip() for part in line.split(" | ", 3)]
    for line in (Path(__file__).parent / "requirements.txt").read_text().splitlines()
    if line and not line.startswith("#")
]
RESULTS = ("pass", "part", "missing", "none")
NO_SUCH_NUMBER = {10, 13}  # of the failures, which are numbered with gaps


def test_each_requirement_stands_there_once() -> None:
    wanted = [f"V{number:02}" for number in range(1, 49)]
    wanted += [f"F{number:02}" for number in range(1, 35) if number not in NO_SUCH_NUMBER]

    assert [line[0] for line in LINES] == wanted


@pytest.mark.parametrize("line", LINES, ids=[line[0] for line in LINES])
def test_what_is_said_to_be_tested_is(line: list[str]) -> None:
    _, result, what, shown = line
    tests, _, why = shown.partition(" ; ") if result in {"pass", "part"} else ("", "", shown)

    assert result in RESULTS
    assert what
    assert bool(why) is (result != "pass"), "what is not all there says why"
    assert bool(tests) is (result in {"pass", "part"})
    for test in tests.split():
        file, _, name = test.partition("::")
        tree = ast.parse((TESTS / file).read_text())
        assert name in {one.name for one in tree.body if isinstance(one, ast.FunctionDef)}, test


def test_the_readme_tells_how_many() -> None:
    counts = Counter(line[1] for line in LINES if line[0].startswith("V"))
    told = re.search(r"ASVS.*?(\d+) pass, (\d+) in part, (\d+) missing, (\d+) do not apply", README)

    assert told is not None
    assert [int(number) for number in told.groups()] == [counts[result] for result in RESULTS]
