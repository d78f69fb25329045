"""The files that we ship, and every example of the managers' guide."""

import re
from pathlib import Path

import pytest

from flows.language.checker import check
from flows.language.loader import Folder, load_files, load_folder
from flows.language.reasons import WHY
from flows.language.talk_tests import run_tests

FLOWS = Path(__file__).parent.parent.parent / "flows"
GUIDE = (FLOWS / "README.md").read_text()
EXAMPLES = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)


def shipped() -> dict[str, bytes]:
    """The salon's own files, by name."""
    folder = load_folder(FLOWS)
    return {file: source.encode() for file, source in folder.sources.items()}


def place_of(example: str) -> str:
    """Where an example would lie in the folder."""
    key, _, name = example.partition(":")
    name = name.split("\n")[0].strip()
    folders = {
        "flow": "",
        "flex": "flex/",
        "faq": "faq/",
        "test": "tests/",
        "timezone": "calendars/",
    }
    if key == "queues":
        return "queues.yaml"
    return f"{folders[key]}{'guide' if key == 'timezone' else f'guide_{name}'}.yaml"


def test_the_shipped_files_have_no_problem_and_their_talks_pass() -> None:
    folder = load_folder(FLOWS)

    problems = check(folder)
    report = run_tests(folder, problems)

    assert [problem for problem in problems if problem.severity != "I"] == []
    assert len(report.cases) >= 18
    assert [case for case in report.cases if not case.ok] == []
    assert {test.flow.text for test in folder.tests.values()} == set(folder.flows)


def test_the_talks_of_the_shipped_flows_take_every_transition_that_there_is() -> None:
    folder = load_folder(FLOWS)

    coverage = run_tests(folder, check(folder)).coverage

    assert {covered.flow for covered in coverage} == set(folder.flows)
    assert sum(len(covered.transitions) for covered in coverage) > 100
    assert [str(missed) for covered in coverage for missed in covered.missed] == []


@pytest.mark.parametrize("example", EXAMPLES, ids=place_of)
def test_every_example_of_the_guide_loads_and_talks(example: str) -> None:
    files = {name: content for name, content in shipped().items() if "/" in name}
    files |= {"welcome.yaml": shipped()["welcome.yaml"], "links.yaml": shipped()["links.yaml"]}
    files = {name: c for name, c in files.items() if not name.startswith("tests/")}
    cards = (other for other in EXAMPLES if other.startswith("flex:"))
    files |= {place_of(written): written.encode() for written in (*cards, example)}

    folder = load_files(files)
    problems = [p for p in check(folder) if p.file == place_of(example)]
    report = run_tests(folder, problems)

    assert [p for p in problems if p.severity == "E"] == []
    assert all(case.ok for case in report.cases), report.cases
    if example.startswith("test:"):
        assert len(report.cases) == 1


def test_the_guide_explains_every_code_that_the_checker_can_give() -> None:
    language = FLOWS / "language"
    files = (path for path in language.rglob("*.py") if path.name != "reasons.py")
    sources = "".join(path.read_text() for path in files)
    given = set(re.findall(r'"([FLWI]\d{3})"', sources))
    explained = set(re.findall(r"^\| ([FLWI]\d{3}) \|", GUIDE, re.MULTILINE))

    assert given == explained == set(WHY)


def test_the_folder_of_a_file_is_found_from_any_of_its_files() -> None:
    whole = load_folder(FLOWS)
    from_test = load_folder(FLOWS / "tests" / "faq.yaml")
    from_flow = load_folder(FLOWS / "faq.yaml")

    assert isinstance(whole, Folder)
    assert set(from_test.sources) == set(from_flow.sources) == set(whole.sources)
