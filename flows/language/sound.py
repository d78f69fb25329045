"""A folder as it could be published now: without the flows that have problems of severity E."""

from collections.abc import Sequence
from dataclasses import replace

from flows.language.checks.routes import is_whole
from flows.language.loader import Folder
from flows.language.problems import Problem


def sound_part(folder: Folder, problems: Sequence[Problem]) -> Folder:
    """The same folder with its sound flows alone: one bad file takes no other down."""
    broken = {problem.file for problem in problems if problem.severity == "E"}
    flows = {
        flow_id: flow
        for flow_id, flow in folder.flows.items()
        if flow.place.file not in broken and is_whole(flow)
    }
    return replace(folder, flows=flows)
