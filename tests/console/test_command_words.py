"""Every command speaks the language that `--lang` or MADOGUCHI_LANGUAGE names, its help too."""

import argparse
import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from console.cli.main import make_parser
from console.cli.words import VARIABLE
from tests.commands import typed

JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
SPEAKS_NO_WORD = {"madoguchi simulator", "madoguchi flows schema"}
CLI = Path(__file__).parent.parent.parent / "console" / "cli"
OF_THE_DEMO = {"demo.py", "demo_replies.py", "demo_staff.py", "demo_talks.py"}  # sample people

Command = Callable[..., int]


def commands(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """Every command that can be given, with what stands before it."""
    below = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    if not below:
        yield parser
    for action in below:
        for one in action.choices.values():
            yield from commands(one)


def test_every_command_that_tells_something_can_be_told_in_which_language() -> None:
    silent = {one.prog for one in commands(make_parser()) if "--lang" not in one.format_usage()}

    assert silent == SPEAKS_NO_WORD


@pytest.mark.parametrize("language", ["ja", "en"])
def test_help_is_in_the_language_of_the_house(
    monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv(VARIABLE, language)
    parser = make_parser()
    told = [parser.description or ""]
    told += [a.help or "" for one in commands(parser) for a in one._actions if a.dest != "help"]
    told += [
        choice.help or ""
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for choice in action._choices_actions
    ]

    said = [bool(JAPANESE.search(text)) for text in told if text]
    assert len(said) > 50
    assert set(said) == {language == "ja"}


@pytest.fixture
def command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., str]:
    """What a command says."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MADOGUCHI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("MADOGUCHI_DATABASE_URL", raising=False)
    Path("good.txt").write_text("見本のパスワード1234\n")

    def run(*arguments: str) -> str:
        typed(*arguments)
        said = capsys.readouterr()
        return said.out + said.err

    return run


def test_one_install_is_set_up_in_english_alone(command: Callable[..., str]) -> None:
    files = ("--secret-file", "good.txt", "--token-file", "good.txt")
    person = ("--name", "Sample", "--role", "manager", "--password-file", "good.txt")
    deeds = [
        ("migrate",),
        ("account", "add", "main", "--name", "Sample", *files),
        ("account", "set", "main"),
        ("account", "set", "main", "--mode", "strict"),
        ("account", "secret", "main", "--add-file", "good.txt"),
        ("account", "secret", "main", "--retire"),
        ("operator", "add", "a@example.com", *person),
        ("operator", "set", "a@example.com"),
        ("operator", "list"),
        ("requeue", "--all"),
        ("audit", "verify"),
        ("audit", "verify", "--anchor", "f" * 64),
    ]

    told = [command(*deed, "--lang", "en") for deed in deeds]

    assert [deed for deed, text in zip(deeds, told, strict=True) if not text.strip()] == []
    assert [text for text in told if JAPANESE.search(text)] == []
    assert JAPANESE.search(command("audit", "verify"))


def test_no_command_has_a_sentence_of_one_language_alone() -> None:
    """Japanese stands in a catalogue, or in `either(japanese, english)`."""
    alone = {
        (file.name, text)
        for file in CLI.rglob("*.py")
        if not file.name.endswith("words.py") and file.name not in OF_THE_DEMO
        for text in _said_alone(ast.parse(file.read_text()))
    }

    assert alone == {("process.py", "はじめての公開"), ("flow_tools.py", "花子")}


def _said_alone(tree: ast.Module) -> Iterator[str]:
    in_pairs = {
        id(part)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "either"
        for part in ast.walk(call)
    }
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if is_text and id(node) not in in_pairs and JAPANESE.search(node.value):
            yield node.value
