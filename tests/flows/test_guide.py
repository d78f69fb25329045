"""The sessions and the picture of the managers' guide are what the commands really print."""

import io
import re
import shlex

import pytest

from tests.commands import typed
from tests.flows.test_salon import FLOWS, GUIDE

SESSIONS = re.findall(r"```text\n\$ madoguchi (.*?)\n(.*?)```", GUIDE, re.DOTALL)
PROMPT = "あなた> "


@pytest.fixture(autouse=True)
def at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FLOWS.parent)
    monkeypatch.setenv("MADOGUCHI_FLOWS_DIR", "flows")


@pytest.mark.parametrize(("command", "printed"), SESSIONS, ids=[command for command, _ in SESSIONS])
def test_a_session_of_the_guide_is_what_is_printed(
    command: str, printed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [line.removeprefix(PROMPT) for line in printed.splitlines() if line.startswith(PROMPT)]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))

    assert typed(*shlex.split(command)) == 0
    assert capsys.readouterr().out == printed


def test_the_picture_of_the_guide_is_what_is_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    (picture,) = re.findall(r"```mermaid\n(.*?)```", GUIDE, re.DOTALL)

    assert typed("flows", "draw", "flows/staff.yaml") == 0
    assert capsys.readouterr().out == picture
    assert len(SESSIONS) == 3
