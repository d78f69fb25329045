"""What the server says to people at the console is said in both languages, and nowhere else."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import console
import storage
from console.words import WORDS
from storage.refusals import Refusal

JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
ROOT = Path(__file__).parent.parent.parent
# In both languages beside each other, or a name: of the product, of a sample customer.
MAY_SAY = {
    "console/words.py", "console/reply_texts.py", "console/app.py",
    "console/passwords.py", "console/api/saved_replies.py",
    "console/api/notices.py", "console/api/report_columns.py",
    "console/file_cards.py", "console/sent_media.py",
    "storage/operator_friends.py",  # the text before a code, in a staff member's own LINE
    "storage/search_words.py",  # a sign that search folds
    "storage/sayings.py",  # the language's own choices, known when they are said
}  # fmt: skip


def refusals() -> list[type[Refusal]]:
    """Every refusal there is, of any part."""
    for package in (console, storage):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__") and ".migrations" not in module.name:
                importlib.import_module(module.name)
    return list(below(Refusal))


def below(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for one in kind.__subclasses__():
        yield one
        yield from below(one)


def test_every_refusal_has_its_words() -> None:
    codes = {one.code for one in refusals()}
    assert codes - set(WORDS) - {"weak_password", "too_fast"} == set()
    assert any(code.startswith("weak_password_") for code in WORDS)


@pytest.mark.parametrize("code", WORDS)
def test_both_languages_say_it_and_each_is_its_own(code: str) -> None:
    japanese, english = WORDS[code]
    assert JAPANESE.search(japanese)
    assert not JAPANESE.search(english)
    assert re.findall(r"\{(\w*)\}", japanese) == re.findall(r"\{(\w*)\}", english)


def test_no_other_code_speaks_and_no_row_is_kept_as_a_sentence() -> None:
    said = []
    for path in sorted([*ROOT.glob("console/**/*.py"), *ROOT.glob("storage/**/*.py")]):
        name = path.relative_to(ROOT).as_posix()
        is_terminal = name.startswith(("console/cli/", "console/web/"))
        if not is_terminal and name not in MAY_SAY:
            said += [f"{name}: {text}" for text in strings(path)]
    assert said == []


def strings(path: Path) -> list[str]:
    """The Japanese strings of a file that are no docstrings."""
    tree = ast.parse(path.read_text())
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in told
        and JAPANESE.search(node.value)
    ]
