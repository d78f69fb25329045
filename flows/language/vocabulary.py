"""What an editor may offer while somebody writes: names of the folder, keys of the language.

Taken from the readers themselves, so that what is offered is what is read.
"""

from typing import Any, get_args, get_type_hints

from flows.language.grammar.flow_files import FLOW
from flows.language.grammar.parts import Trigger
from flows.language.grammar.shapes import Flow
from flows.language.grammar.steps import VERBS, keys_of
from flows.language.grammar.ways import WAY
from flows.language.loader import Folder
from flows.language.typed import TYPES


def names_of(folder: Folder, flow: Flow | None) -> dict[str, list[str]]:
    """Every name that something may refer to; steps and vars are those of the flow."""
    queues = folder.queue_names
    steps = [step.id.text for step in flow.steps if step.id is not None] if flow else []
    return {
        "steps": steps,
        "vars": [var.name.text for var in flow.vars] if flow else [],
        "flows": sorted(folder.known_flows),
        "tags": [tag.name.text for tag in folder.tags or ()],
        "fields": list(folder.fields or ()),
        "links": list(folder.links),
        "queues": list(queues.names),
        "notify": [*queues.notify, *queues.names],
        "calendars": sorted(folder.known_calendars),
        "faqs": sorted(folder.known_faqs),
        "segments": sorted(folder.segments),
        "flex": sorted(folder.flex),
    }


def keys() -> dict[str, Any]:
    """The keys that may stand in a flow, in a step of each verb, in a way out, in a trigger."""
    return {
        "flow": list(FLOW),
        "steps": {verb: list(keys_of(verb)) for verb in VERBS},
        "way": list(WAY),
        "trigger": [*get_args(get_type_hints(Trigger)["kind"]), "match", "delay"],
        "types": list(TYPES),
    }
