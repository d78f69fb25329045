"""Every talk of the tests, as if it had been real: replayed it is the same, recorded it passes."""

import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from flows.language.book import book_of
from flows.language.checker import check
from flows.language.loader import Folder, load_files, load_folder
from flows.language.recorded import turns_of_talk
from flows.language.recording import last_stretch, record_talk
from flows.language.replay import replay_run
from flows.language.talk_tests import run_tests
from tests.flows.remembered import by_run, log_of
from tests.flows.talks import TALKS

FLOWS = Path(__file__).parent.parent.parent / "flows"
SALON = {
    path.relative_to(FLOWS).as_posix(): path.read_text() for path in sorted(FLOWS.rglob("*.yaml"))
}
RECORDED = "tests/recorded.yaml"
# Its runs share the steps of one turn, and each is done again by itself.
ENDLESS = "flows that start each other without end are stopped, and staff see why"


def talks() -> Iterator[object]:
    """Every talk, with the folder in which it is told."""
    salon = load_folder(FLOWS)
    for file, test in salon.tests.items():
        for number, _ in enumerate(test.cases):
            yield pytest.param(SALON, file, number, id=f"{file}:{number}")
    for name, (files, script) in TALKS.items():
        if name == ENDLESS:
            continue
        case = f"test: f\ncases:\n  - name: t\n    talk:\n{textwrap.indent(script, '      ')}"
        yield pytest.param({**files, "tests/t.yaml": case}, "tests/t.yaml", 0, id=name)


def folder_of(files: Mapping[str, str]) -> Folder:
    return load_files({name: text.encode() for name, text in files.items()})


@pytest.mark.parametrize(("files", "file", "number"), list(talks()))
def test_it_is_the_same_again(
    files: Mapping[str, str], file: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = folder_of(files)
    book, test = book_of(folder), folder.tests[file]
    rows = log_of(monkeypatch, book, test.flow.text, test.cases[number])

    verdicts = [replay_run(book, turns) for turns in by_run(rows)]
    assert {verdict.group for verdict in verdicts} <= {"same"}, verdicts
    if not rows:
        return

    recording = record_talk(book, last_stretch(turns_of_talk(rows)))
    assert recording.strays == ()
    again = folder_of({**files, RECORDED: recording.text})
    problems = [p for p in check(again) if p.severity == "E"]
    assert problems == []
    report = run_tests(again, problems, frozenset({RECORDED}))
    assert [failure for case in report.cases for failure in case.failures] == [], recording.text
