"""Files that are meant to harm: refused at once and in little memory, saying what is allowed.

Each is read by a process of its own, whose highest memory nothing else has raised before.
"""

import json
import subprocess
import sys
import time

import pytest

from flows.language.checker import check
from flows.language.loader import load_files
from flows.language.talk_tests import run_tests
from tests.flows.mistakes import END, HEAD

SECONDS, MEGABYTES = 0.2, 64
MEASURED = """
import json, resource, sys, time
from flows.language.checker import check
from flows.language.loader import load_files

content = sys.stdin.buffer.read()
before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
found = check(load_files({"f.yaml": content}))
seconds = time.process_time() - begun
grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
told = [(p.code, p.line, f"{p.message} {p.hint}") for p in found if p.severity == "E"]
print(json.dumps([seconds, grown, told]))
"""
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
ASKED = HEAD + "  - ask: 番号は?\n    id: q\n    timeout: {after: 1h}\n    pattern: "
COUNTED = ASKED + "'(?:(?:(?:[a-z]{1000}){1000}){1000})'\n" + END
NESTED = ASKED + "'(a{1,30}){1,30}(b{1,1000}){1,1000}'\n" + END
LOOKING_BACK = ASKED + r"'(a+)+\1$'" + "\n" + END
LONG = HEAD + "  - say: " + "あ" * 100_000 + "\n" + END  # 300 KB
DEEP = HEAD + "  - say: " + "[" * 50_000 + "\n"


@pytest.mark.parametrize(
    ("content", "code", "line", "allowed"),
    [
        pytest.param(BOMB.encode(), "F007", 1, "書いたままの値", id="a bomb"),
        pytest.param(
            (HEAD + "  - say: &a はい\n  - say: *a\n" + END).encode(),
            "F007", 5, "書いたままの値", id="an alias",
        ),
        pytest.param(LONG.encode(), "F008", 1, "256KBまで", id="300 KB"),
        pytest.param(LONG.encode() * 100, "F008", 1, "256KBまで", id="30 MB"),
        pytest.param(DEEP.encode(), "F008", 5, "20段まで", id="lists in lists"),
        pytest.param(HEAD.encode("cp932"), "F008", 2, "UTF-8", id="Shift_JIS"),
        pytest.param(HEAD.encode("utf-16"), "F008", 1, "UTF-8", id="UTF-16"),
        pytest.param(COUNTED.encode(), "F003", 8, "1000回を超える", id="a regex of a billion signs"),
        pytest.param(NESTED.encode(), "F003", 8, "1000回を超える", id="a regex of counts in counts"),
        pytest.param(LOOKING_BACK.encode(), "F003", 8, "後方参照", id="a regex that looks back"),
    ],
)  # fmt: skip
def test_it_is_refused_in_no_time_and_little_memory(
    content: bytes, code: str, line: int, allowed: str
) -> None:
    ran = subprocess.run(  # noqa: S603 # our own words
        [sys.executable, "-c", MEASURED], input=content, capture_output=True, check=True
    )
    seconds, grown, told = json.loads(ran.stdout)

    assert [(one[0], one[1]) for one in told] == [(code, line)]
    assert allowed in told[0][2]
    assert seconds < SECONDS
    assert grown < MEGABYTES


@pytest.mark.parametrize("pattern", [r"(a+)+$", r"(a|a)*b", r"(.*)*.*.*.*=x", r"(\w+\s?)*!"])
def test_no_text_keeps_a_pattern_busy(pattern: str) -> None:
    talk = (
        f"test: f\ncases:\n  - name: t\n    talk:\n      - user: 始め\n      - user: {'a' * 900}?\n"
    )
    talk += "      - expect: {state: q, retries: 1}\n"
    folder = load_files(
        {"f.yaml": (ASKED + f"'{pattern}'\n" + END).encode(), "tests/t.yaml": talk.encode()}
    )
    begun = time.process_time()

    (result,) = run_tests(folder, check(folder)).cases

    assert result.failures == ()
    assert time.process_time() - begun < SECONDS
