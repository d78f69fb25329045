"""One friend, to whom things happen: who takes a text, what starts a flow, what people do (§5)."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.laws.second_interpreter.asking import WRONG, Meaning
from tests.laws.second_interpreter.background import Background
from tests.laws.second_interpreter.reading import Tree, length, listed
from tests.laws.second_interpreter.seeing import Lookup, Sight, Stored, shown
from tests.laws.second_interpreter.standing import Frame
from tests.laws.second_interpreter.typed import normal
from tests.laws.second_interpreter.waiting import BUILT_IN, Run
from tests.laws.second_interpreter.walking import CannotGoOn, Leaves

TOKYO = ZoneInfo("Asia/Tokyo")
MOST_STEPS = 100
BY_SOMEBODY = {"said", "sticker", "tap_old", "by_hand"}
Bubble = tuple[str, tuple[str, ...]]


class Friend(Background):
    """One friend. now: on Tokyo's clock. said: the bubbles of this turn. draws: of this turn."""

    def __init__(self, trees: Sequence[Tree], now: datetime) -> None:
        super().__init__(now.astimezone(TOKYO))
        self.flows = {tree["flow"]: tree for tree in trees if "flow" in tree}
        self.segments = {tree["segment"]: tree["when"] for tree in trees if "segment" in tree}
        self.name, self.tags, self.said = "花子", set[str](), list[Bubble]()
        self.fields: dict[str, Stored] = {}
        self.is_left_to_people = False
        self._steps, self._draws = 0, list[int]()

    # --- what the runs ask for

    def sight(self, lookup: Lookup) -> Sight:
        """What a condition may ask now."""
        is_open = "10:00" <= self.now.strftime("%H:%M") < "19:00"
        return Sight(self.tags, lookup, is_open, self.segments, self.now.replace(tzinfo=None))

    def bubble(self, text: str, options: tuple[str, ...] = ()) -> None:
        """Say a text; an empty one sends nothing."""
        if text:
            self.said.append((text, options))

    def count_step(self) -> None:
        """A turn runs at most so many steps."""
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise CannotGoOn

    def draw(self) -> int:
        """The next draw."""
        return self._draws.pop(0)

    def says_one_of(self, text: str | None, words: Sequence[str]) -> bool:
        """Whether the text holds one of the words."""
        return text is not None and any(normal(word) in normal(text) for word in words)

    def value_to_set(self, text: str, render: Callable[[str], str]) -> Stored:
        """What `set` writes."""
        times = {"today": "%Y-%m-%d", "now": "%Y-%m-%dT%H:%M"}
        if text in times:
            return self.now.strftime(times[text])
        return None if text == "empty" else render(text)

    def wake_at(self, wait: Any, run: Run) -> datetime | None:
        """When a `wait` is over; None where the card has no such moment."""
        if isinstance(wait, str):
            return self.now + length(wait)
        at = run.started_at + timedelta(days=int(wait.get("day", 0)))
        if "until" in wait:
            stored = shown(run.sight().lookup(wait["until"]))
            try:
                at = datetime.fromisoformat(stored).replace(tzinfo=TOKYO)
            except ValueError:
                return None
            at -= length(wait.get("before", ""))
        if "at" in wait:
            hour, minute = map(int, wait["at"].split(":"))
            at = at.replace(hour=hour, minute=minute, second=0, microsecond=0)
        return at

    # --- what happens

    def happens(self, kind: str, what: str = "", draws: Sequence[int] = ()) -> None:
        """One turn."""
        doings: dict[str, Callable[[], None]] = {
            "said": lambda: self._hear(what),
            "sticker": self._hear_sticker,
            "tap_old": self._tap_old,
            "event": lambda: self._set_off("event", what),
            "tag_added": lambda: self._set_off("tag_added", what),
            "by_hand": lambda: self._start_by_hand(self.flows[what]),
            "taken": self._taken,
            "returned": self._returned,
        }
        if kind == "tag_added":
            self.tags.add(what)
        self._turn(doings[kind], draws, is_prompt=kind in BY_SOMEBODY)

    def due(self, run: Run, timer: str, draws: Sequence[int] = ()) -> None:
        """The turn of a timer."""
        self._turn(lambda: self._ring(run, timer), draws, is_prompt=False)

    def _turn(self, doing: Callable[[], None], draws: Sequence[int], *, is_prompt: bool) -> None:
        self.said, self._steps, self._draws, self.is_left_to_people = [], 0, list(draws), False
        self.is_prompt = is_prompt
        self.stop_what_must()
        doing()
        self.settle()

    def _ring(self, run: Run, timer: str) -> None:
        if run.status not in {"going", "new"} or timer not in run.timers:
            return
        ends = [at for name, at in run.timers.items() if name in {"timeout", "expiry"}]
        if timer.startswith("remind:") and any(run.timers[timer] < at <= self.now for at in ends):
            del run.timers[timer]  # both are overdue: only the end is told
        else:
            self.do_or_hold(run, timer)

    # --- texts

    def _hear(self, text: str) -> None:
        run = self.asking()
        if self.people != "free":
            return
        if run is not None and run.asked is not None:
            run.message = text
            meaning = run.asked.by_label(text, run.sight())
            if meaning is not None:
                self.wake(run, ("answer", meaning))
            elif not self._cancels(run, text):
                self._hear_more(run, text)
        elif not self._by_keyword(text, None):
            self.is_left_to_people = True

    def _hear_more(self, run: Run, text: str) -> None:
        assert run.asked is not None
        meaning = run.asked.by_type(text, run.sight())
        if meaning is None and self._by_keyword(text, run):
            return
        takes_all = {"other", "any_answer"} & set(run.asked.step)
        self.wake(run, ("answer", meaning or (Meaning("other", text) if takes_all else WRONG)))

    def _hear_sticker(self) -> None:
        run = self.asking()
        if self.people == "free" and run is not None:
            self.wake(run, ("answer", WRONG))
        elif self.people == "free":
            self.is_left_to_people = True

    def _tap_old(self) -> None:
        """One sentence, and the open question once more; nothing changes."""
        run = self.asking()
        if self.people == "free":
            self.bubble(BUILT_IN)
        if self.people == "free" and run is not None and run.asked is not None:
            run.say_open(run.render(run.asked.step["ask"]))

    def _cancels(self, run: Run, text: str) -> bool:
        for frame in reversed(run.frames):
            if normal(text) in map(normal, frame.flow.get("cancel_words", [])):
                self.leave(run, Leaves(frame, "cancel"))
                return True
        return False

    def _by_keyword(self, text: str, asker: Run | None) -> bool:
        for run in self._waiting("keyword", normal(text))[:1]:
            if _lets(asker, run.top.flow):
                if asker is not None:
                    self.interrupt(asker)
                run.message = text
                self.wake(run, ("timer", "matched"))
                return True
        for flow in self._triggered("keyword", normal(text)):
            if _lets(asker, flow) and self._may_start(flow):
                self._start(flow, text, asker)
                return True
        return False

    # --- starts

    def _triggered(self, kind: str, name: str) -> list[Tree]:
        found = [f for f in self.flows.values() if _has_trigger(f.get("start", []), kind, name)]
        return sorted(found, key=lambda f: (-int(f.get("priority", 20)), f["flow"]))

    def _waiting(self, kind: str, name: str) -> list[Run]:
        runs = [r for r in self.runs if r.status == "going" and r.rests == "wait_for"]
        free = [r for r in runs if not r.held and "matched" not in r.timers]
        return [r for r in free if _has_trigger([_awaited(r.top)], kind, name)]

    def _inside(self, flow: Tree) -> list[Run]:
        return [run for run in self.runs if flow in [frame.flow for frame in run.frames]]

    def _has_room(self, flow: Tree) -> bool:
        run = Run(self, flow, self.now)
        is_taken = flow.get("if_running", "ignore") == "ignore" and self._inside(flow)
        return not is_taken and not run.must_stop(run.top)

    def _may_start(self, flow: Tree) -> bool:
        word, _, pause = flow.get("repeat", "always").partition(" ")
        before = [run for run in (*self.past, *self.runs) if run.flow_id == flow["flow"]]
        if word == "after" and any(self.now - run.started_at < length(pause) for run in before):
            return False
        return self._has_room(flow) and Run(self, flow, self.now).sight().holds(flow.get("only_if"))

    def _start(self, flow: Tree, text: str | None, asker: Run | None) -> None:
        run = self._place_for(flow)
        if asker is not run and asker is not None and asker.status == "going":
            self.interrupt(asker)
        run.message = text if text is not None else run.message
        self.begin(run)

    def _place_for(self, flow: Tree) -> Run:
        """A new run; with `restart` the others end, and a called flow begins in its place."""
        place = None
        for run in self._inside(flow) if flow.get("if_running") == "restart" else []:
            if run.flow_id == flow["flow"]:
                self.end(run, "restarted")
            else:
                place = run
        if place is None:
            place = Run(self, flow, self.now)
            self.runs.append(place)
        else:
            place.reset(next(frame for frame in place.frames if frame.flow is flow))
        return place

    def _start_by_hand(self, flow: Tree) -> None:
        if not self._has_room(flow):
            return
        if self.people == "free":
            self._start(flow, None, self.asking())
        else:
            self.hold(self._place_for(flow), "begin")

    def _set_off(self, kind: str, name: str) -> None:
        for flow in self._triggered(kind, name):
            if self._may_start(flow):
                self.hold(self._place_for(flow), "begin")
        for run in self._waiting(kind, name):
            self.do_or_hold(run, "matched")

    # --- people

    def _taken(self) -> None:
        self.people = "taken"
        for run in list(self.runs):
            if run.has_question:
                self.park(run)
                run.by_takeover = True
            elif run.status == "going" and run.rests == "handoff":
                run.timers = {}

    def _returned(self) -> None:
        run, self.people, self.asking_run = self.asking_run, "free", None
        if run is not None and run.status == "going" and run.rests == "handoff":
            self.wake(run, ("done", None))


def _lets(asker: Run | None, flow: Tree) -> bool:
    """Whether an open question lets this flow come between; its own flow always may."""
    keeps = asker is not None and asker.top.flow.get("on_interrupt") == "keep"
    return not keeps or (asker is not None and asker.top.flow is flow)


def _has_trigger(triggers: Sequence[Any], kind: str, name: str) -> bool:
    found = (each for trigger in triggers for each in _events_of(trigger))
    named = ((k, normal(n) if k == "keyword" else n) for k, n in found)
    return (kind, name) in named


def _events_of(trigger: Any) -> Iterator[tuple[str, str]]:
    if isinstance(trigger, dict):
        for kind in ("keyword", "event", "tag_added"):
            yield from ((kind, name) for name in listed(trigger.get(kind)))


def _awaited(frame: Frame) -> Any:
    return _step_of(frame.flow["steps"], frame.state)["wait_for"]


def _step_of(steps: Sequence[Tree], name: str) -> Tree:
    for step in steps:
        found = step if step.get("id") == name else None
        found = found or _step_of(step.get("repeat", {}).get("steps", []), name)
        if found:
            return found
    return {}
