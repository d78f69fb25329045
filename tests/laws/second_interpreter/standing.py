"""Where one run stands: its frames, and what it sees, says and changes from there."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.laws.second_interpreter.asking import Asked
from tests.laws.second_interpreter.reading import Tree, listed
from tests.laws.second_interpreter.seeing import Sight, Status, Stored, filled, number, shown

if TYPE_CHECKING:
    from tests.laws.second_interpreter.friend import Friend


@dataclass(eq=False, slots=True)
class Frame:
    """One level of a run: a flow, and what it remembers."""

    flow: Tree
    state: str = ""
    answers: dict[str, Stored] = field(default_factory=dict)
    vars: dict[str, Stored] = field(default_factory=dict)
    visits: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Each var has its first value."""
        self.begin_again()

    def begin_again(self) -> None:
        """As if it had not been walked."""
        self.state, self.answers, self.visits = "", {}, {}
        self.vars = dict(self.flow.get("vars", {}))


class Standing:
    """One friend's walk. rests: what it waits for. timers: by name, the moments to come.

    held: what it is to do once it may, since when, and whether by somebody's doing. stopping: the
    called flow that must stop. again: the called flow that is to begin anew.
    """

    def __init__(self, friend: "Friend", flow: Tree, started_at: datetime) -> None:
        self.friend, self.started_at, self.frames = friend, started_at, [Frame(flow)]
        self.status, self.end, self.rests = "new", "", ""
        self.timers: dict[str, datetime] = {}
        self.held: list[tuple[datetime, str, bool]] = []
        self.kept_at: datetime | None = None  # since when people are the reason
        self.asked: Asked | None = None
        self.message: str | None = None
        self.event: dict[str, Stored] = {}
        self.parked, self.by_takeover = 0, False
        self.stopping: Frame | None = None
        self.again: Frame | None = None

    @property
    def top(self) -> Frame:
        """The innermost frame."""
        return self.frames[-1]

    @property
    def flow_id(self) -> str:
        """Of the outermost flow."""
        return str(self.frames[0].flow["flow"])

    @property
    def has_question(self) -> bool:
        """Whether its question is the open one."""
        return self.status == "going" and self.rests == "question"

    def reset(self, frame: Frame) -> None:
        """A called flow is to begin anew: what it did is forgotten."""
        del self.frames[self.frames.index(frame) + 1 :]
        frame.begin_again()
        self.status, self.again, self.stopping = "new", frame, None
        self.rests, self.timers, self.held = "", {}, []

    def sight(self, frame: Frame | None = None) -> Sight:
        """What a frame sees; the innermost, if none is named."""
        seeing = frame or self.top

        def lookup(path: str) -> Stored:
            kind, _, name = path.partition(".")
            if kind == "answer":
                return seeing.answers.get(name, Status("not_asked"))
            stores = {"var": seeing.vars, "field": self.friend.fields, "event": self.event}
            if kind in stores:
                return stores[kind].get(name)
            return {"name": self.friend.name, "message": self.message}[path]

        return self.friend.sight(lookup)

    def must_stop(self, frame: Frame) -> bool:
        """Whether the `stop_when` of a frame's flow holds."""
        stop_when = frame.flow.get("stop_when")
        return stop_when is not None and self.sight(frame).holds(stop_when)

    def do_effects(self, tree: Tree) -> None:
        """tag, untag, set, add and count: in this order, whatever that of the file."""
        self.friend.tags |= set(listed(tree.get("tag")))
        self.friend.tags -= set(listed(tree.get("untag")))
        for path, value in tree.get("set", {}).items():
            self.keep(path, self.friend.value_to_set(value, self.render))
        counts = [(f"var.{name}", "1") for name in listed(tree.get("count"))]
        for path, more in [*tree.get("add", {}).items(), *counts]:
            self.keep(path, (number(self.sight().lookup(path)) or 0) + int(more))

    def keep(self, path: str, value: Stored) -> None:
        """Write `field.X` or `var.X`."""
        kind, _, name = path.partition(".")
        store = self.top.vars if kind == "var" else self.friend.fields
        store[name] = value if shown(value) else None

    def render(self, text: str) -> str:
        """A text with its holes filled."""
        return filled(text, self.sight().lookup)

    def say(self, texts: Any) -> None:
        """One bubble for each text."""
        for text in listed(texts):
            self.friend.bubble(self.render(text))

    def say_open(self, text: str) -> None:
        """A bubble that keeps the question open has its options."""
        self.friend.bubble(text, tuple(self.asked.options()) if self.asked else ())

    def say_last_open(self, texts: Any) -> None:
        """Texts while the question goes on: the last has the options again."""
        *first, last = listed(texts) or [""]
        self.say(first)
        self.say_open(self.render(last))
