"""What stands between a folder and the customers: problems, tests of talks, and who is under way.

The command line and the console ask the same questions before they publish: no problem of severity
E, no red test, and every warning accepted by somebody.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flows.language.book import HOUSE, build
from flows.language.checker import check
from flows.language.loader import Folder
from flows.language.problems import Problem, count_by_severity
from flows.language.talk_results import Report, Result
from flows.language.talk_tests import run_tests


@dataclass(frozen=True, slots=True)
class Review:
    """A folder as it was looked at. problems: those of the checker, information included."""

    folder: Folder
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What must be mended first."""
        return tuple(problem for problem in self.problems if problem.severity == "E")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What somebody has to accept."""
        return tuple(problem for problem in self.problems if problem.severity == "W")

    def of_file(self, file: str) -> tuple[Problem, ...]:
        """The problems of one file."""
        return tuple(problem for problem in self.problems if problem.file == file)

    def counts(self, file: str | None = None) -> Mapping[str, int]:
        """How many of each severity, in one file or in all."""
        return count_by_severity(self.problems if file is None else self.of_file(file))

    def sound(self) -> Folder:
        """The folder without the flows that cannot run."""
        broken = {problem.file for problem in self.errors}
        kept = {id_: f for id_, f in self.folder.flows.items() if f.place.file not in broken}
        return replace(self.folder, flows=kept)

    def test(self, only: frozenset[str] | None = None) -> Report:
        """The tests of talks; those of a flow that cannot run fail."""
        return run_tests(self.sound(), self.problems, only)


def review(folder: Folder) -> Review:
    """Look at a folder."""
    return Review(folder, check(folder))


def find_red(report: Report) -> tuple[Result, ...]:
    """The tests that failed."""
    return tuple(case for case in report.cases if not case.ok)


def find_changed(looked_at: Review, current: Mapping[str, str]) -> frozenset[str]:
    """The flows that a publish would change: new, other, or taken out; `_folder` for the rest.

    current: what new runs take now, flow id → hash.
    """
    published = build(looked_at.sound())
    drafts = {bundle.flow_id: bundle.hash for bundle in (*published.flows, published.house)}
    known = set(drafts) | set(current) | set(looked_at.folder.known_flows)
    return frozenset(id_ for id_ in known if drafts.get(id_) != current.get(id_))


def is_shared_changed(changed: frozenset[str]) -> bool:
    """Whether tags, fields, links, queues, calendars or FAQ differ."""
    return HOUSE in changed
