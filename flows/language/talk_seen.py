"""What a friend made of paper has seen, and what their staff have."""

from dataclasses import dataclass, field
from datetime import datetime

from flows.language.effects import Bubble
from flows.language.sayings.saying import Saying


@dataclass(slots=True)
class Seen:
    """What happened since the latest line that is not an `expect`."""

    bubbles: list[Bubble] = field(default_factory=list)
    moments: list[datetime] = field(default_factory=list)  # of each bubble
    asked: list[str] = field(default_factory=list)
    notified: list[str] = field(default_factory=list)
    started: list[str] = field(default_factory=list)
    troubles: list[Saying] = field(default_factory=list)
    is_unhandled: bool = False
