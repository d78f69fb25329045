"""Good files with one slip of the hand each: 500 of them, each told at its own line."""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import pytest

from flows.language.checker import check
from flows.language.loader import load_files
from tests.flows.test_salon import shipped

SLIPS = 500
SEED = 20261127
KEY = re.compile(r"^(\s*(?:- )?)([a-z_]+)(: )")


@dataclass(frozen=True)
class Slip:
    """One changed file of the salon, and where a problem of severity E must stand."""

    file: str
    text: str
    line: int
    what: str


def _with(line: str, change: Callable[[str], str]) -> str | None:
    changed = change(line)
    return changed if changed != line else None


def _sub(pattern: str, replacement: str) -> Callable[[str], str]:
    return lambda line: re.sub(pattern, replacement, line, count=1)


# What a hand does to one line. Each pattern stands on lines where the slip cannot be right.
ON_A_LINE: dict[str, Callable[[str], str]] = {
    "a key is misspelt": _sub(KEY.pattern, r"\1\2x\3"),
    "a full-width colon": _sub(r"^(\s*(?:- )?[a-z_]+): ", r"\1："),
    "a tab in the indentation": _sub(r"^( {4,})(?=\S)", "\t"),
    "a full-width space in the indentation": _sub(r"^ {4}(?=[a-z])", "　 "),
    "a goto to nowhere": _sub(r"goto: ([a-z_]+)", r"goto: \1_no"),
    "an unknown type": _sub(r"^(\s+type: )\w+", r"\1colour"),
    "a duration without a unit": _sub(r"after: (\d+)[mhdw]", r"after: \1"),
    "an alias": _sub(r"^(\s+(?:title|save|to): ).+", r"\1*one"),
    "an unknown filter": _sub(r"\{\{([a-z_.]+)\s*(\||\}\})", r"{{\1 | shout \2"),
    "a template that is not closed": _sub(r"\{\{([a-z_.]+)[^}]*\}\}", r"{{\1"),
    "an unknown path": _sub(r"\{\{(answer|field|link)\.", r"{{\1.no_"),
    "an unknown field": _sub(r"field\.([a-z_]+)$", r"field.no_\1"),
    "an unknown tag": _sub(r"^(\s+tag: |\s+- tag: )(\S.*)$", r"\1\2の人"),
    "an unknown queue": _sub(r"^(\s+to: )(\S+)$", r"\1\2課"),
    "a label that is too long": _sub(r"^(\s+- )([^:{]+)(: \{)", r"\1\2" + "あ" * 21 + r"\3"),
    "a number that is none": _sub(r"^(\s+retry: )\d+", r"\1二"),
    "an id of other signs": _sub(r"^(\s+id: )(\w+)$", r"\1\2-1"),
    "a verb that is none": _sub(r"^(  - )(say|ask|switch|end|handoff|faq|call)(: )", r"\1\2s\3"),
    "a bracket that is never closed": _sub(r"^(\s+choices: \[[^\]]+)\]$", r"\1"),
}


def _slips() -> Iterator[Slip]:
    """Every slip that can be made, in the order of the files."""
    for file, content in sorted(shipped().items()):
        if "/" in file or not content.startswith(b"flow:"):
            continue
        lines = content.decode().split("\n")
        for number, line in enumerate(lines, start=1):
            for what, change in ON_A_LINE.items():
                changed = _with(line, change)
                if changed is not None and not line.lstrip().startswith("#"):
                    text = "\n".join([*lines[: number - 1], changed, *lines[number:]])
                    yield Slip(file, text, number, what)
            if KEY.match(line) and not line.lstrip().startswith("- ") and line.startswith("    "):
                text = "\n".join([*lines[:number], line, *lines[number:]])
                yield Slip(file, text, number + 1, "a line written twice")


def _short(content: bytes) -> bytes:
    """A flow that only exists, for the others to call."""
    if not content.startswith(b"flow:"):
        return content
    return content.split(b"\n")[0] + "\ntitle: 見本\nsteps:\n  - end: done\n".encode()


@cache
def _drawn() -> list[Slip]:
    found = list(_slips())
    draw = random.Random(SEED)  # noqa: S311 # a seeded draw must be repeatable, not secret
    draw.shuffle(found)
    return found[:SLIPS]


def test_five_hundred_slips_are_each_told_at_their_line() -> None:
    house = {file: _short(text) for file, text in shipped().items() if "/" not in file}
    house["calendars/main.yaml"] = shipped()["calendars/main.yaml"]
    missed = []
    slips = _drawn()

    for slip in slips:
        found = check(load_files({**house, slip.file: slip.text.encode()}))
        told = {(p.file, p.line) for p in found if p.severity == "E"}
        if (slip.file, slip.line) not in told:
            missed.append((slip.what, slip.file, slip.line, sorted(told)))

    assert len(slips) == SLIPS
    assert missed == [], "\n".join(map(str, missed))


@pytest.mark.parametrize("what", [*ON_A_LINE, "a line written twice"])
def test_each_kind_of_slip_was_drawn(what: str) -> None:
    assert any(slip.what == what for slip in _drawn())
