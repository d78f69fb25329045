"""The promises of the language, as talks: each runs whole, through the loader and the checker."""

import textwrap

import pytest

from flows.language.checker import check
from flows.language.loader import load_files
from flows.language.talk_tests import run_tests
from tests.flows.talks import TALKS


@pytest.mark.parametrize(("files", "script"), TALKS.values(), ids=TALKS)
def test_it_is_so(files: dict[str, str], script: str) -> None:
    assert failures(files, script) == []


def failures(files: dict[str, str], script: str) -> list[str]:
    """What failed in a talk with these flows."""
    case = f"test: f\ncases:\n  - name: t\n    talk:\n{textwrap.indent(script, '      ')}"
    files = {**files, "tests/t.yaml": case}
    folder = load_files({name: text.encode() for name, text in files.items()})
    problems = [problem for problem in check(folder) if problem.severity == "E"]
    assert [(p.code, p.file, p.line, p.message) for p in problems] == []
    (result,) = run_tests(folder, problems).cases
    return [failure.message for failure in result.failures]
