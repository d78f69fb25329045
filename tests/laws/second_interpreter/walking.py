"""One run as one generator: it walks down the script by plain recursion, and yields where it waits.

A called flow is a call, a `repeat` is a loop, the end of a flow is an exception; where a run stands
is where Python stands. There is no table of states and transitions, and nothing can be stored.
"""

from collections.abc import Generator
from typing import Any

from tests.laws.second_interpreter.reading import Tree, Way, listed
from tests.laws.second_interpreter.seeing import shown
from tests.laws.second_interpreter.standing import Frame, Standing

MOST_ROUNDS, MOST_DEEP = 20, 5
VERBS = ["ask", "switch", "if", "random", "wait", "wait_for", "call", "handoff", "end", "repeat"]
Happening = tuple[
    str, Any
]  # what wakes a run: ("timer", its name), ("answer", a Meaning), ("resume", …)
Walked = Generator[None, Happening, Any]


class Leaves(Exception):
    """A flow is over, or begins anew. how: end, cancel (by a word of the friend's), again."""

    def __init__(self, frame: Frame, how: str, name: str = "") -> None:
        super().__init__(how)
        self.frame, self.how, self.name = frame, how, name


class CannotGoOn(Exception):
    """Too many steps in a turn, or flows called too deep."""


class Walking(Standing):
    """What does not wait. Each verb answers the `goto` that it leaves by, None for the next step."""

    def walk_flow(self, frame: Frame) -> Walked:
        """A flow from its first step; the name of its end."""
        target = None
        while True:
            try:
                yield from self._body(frame.flow["steps"], target)
            except Leaves as leaves:
                if leaves.frame is not frame:
                    raise
                del self.frames[self.frames.index(frame) + 1 :]
                if leaves.how == "end":
                    return leaves.name
                target = yield from self._after(leaves.how, frame)
                if target is None and leaves.how == "cancel":
                    return "cancelled"

    def _after(self, how: str, frame: Frame) -> Walked:
        """Where a flow goes on that was cancelled or is to begin anew."""
        if how == "again":
            frame.begin_again()
            return None
        return (
            yield from self.way(frame.flow.get("on_cancel", {"say": "ここで中止しました。"}), {})
        )

    def _body(self, steps: list[Tree], target: str | None) -> Walked:
        """The steps of one level; a target outside of them is for the level around."""
        places = {step["id"]: place for place, step in enumerate(steps) if "id" in step}
        place = places[target] if target else 0
        while place < len(steps):
            target = yield from self._step(steps[place])
            if target is not None and target not in places:
                return target
            place = places[target] if target is not None else place + 1
        return None

    def _step(self, step: Tree) -> Walked:
        self.friend.count_step()
        frame = self.top
        if not self.sight().holds(step.get("only_if")) or self._rounds(step) == []:
            return None
        frame.state = step.get("id", "")
        frame.visits[frame.state] = visits = frame.visits.get(frame.state, 0) + 1
        most = step.get("max_visits")
        if most and visits > int(most["times"]):
            return most["goto"]
        self.do_effects(step)
        verb = next((verb for verb in VERBS if verb in step), "say")
        target = yield from getattr(self, f"do_{verb}")(step)
        return target or step.get("goto")

    def do_say(self, step: Tree) -> Walked:
        """A text, or effects alone."""
        return (yield from self.way({"say": step.get("say")}, step))

    def do_end(self, step: Tree) -> Walked:
        """The flow is over."""
        raise Leaves(self.top, "end", step["end"])

    def do_if(self, step: Tree) -> Walked:
        """One of two ways."""
        way = step["then"] if self.sight().holds(step["if"]) else step.get("else", {})
        return (yield from self.way(way, step))

    def do_switch(self, step: Tree) -> Walked:
        """The first case that matches."""
        for case in step["cases"] if step["switch"] == "message" else step["switch"]:
            if "else" in case:
                return (yield from self.way(case["else"], step))
            said_one = self.friend.says_one_of(self.message, listed(case.get("words")))
            if said_one or ("when" in case and self.sight().holds(case["when"])):
                return (yield from self.way(case, step))
        return None

    def do_random(self, step: Tree) -> Walked:
        """The way that was drawn."""
        return (yield from self.way(step["random"][self.friend.draw()], step))

    def do_call(self, step: Tree) -> Walked:
        """Another flow, whole."""
        return (yield from self.way({"call": step["call"]}, step))

    def do_repeat(self, step: Tree) -> Walked:
        """The body once for each value."""
        for value in self._rounds(step) or []:
            if "as" in step["repeat"]:
                self.top.vars[step["repeat"]["as"]] = value
            target = yield from self._body(step["repeat"]["steps"], None)
            if target is not None:
                return target
        return None

    def _rounds(self, step: Tree) -> list[str] | None:
        """What a `repeat` goes through; None for another verb."""
        loop = step.get("repeat")
        if loop is None:
            return None
        if "times" in loop:
            return [str(n + 1) for n in range(int(loop["times"]))]
        if isinstance(loop["over"], list):
            return list(loop["over"])
        value = self.sight().lookup(loop["over"])
        return (value if isinstance(value, list) else listed(shown(value) or None))[:MOST_ROUNDS]

    def way(self, way: Way, step: Tree) -> Walked:
        """A way out: its effects, its texts, its call; its `goto`."""
        self.do_effects(way)
        self.say(way.get("say"))
        if "call" in way:
            yield from self.call(way["call"], step)
        return way.get("goto")

    def call(self, flow_id: str, step: Tree) -> Walked:
        """A called flow; how it ended is the answer of the step."""
        if len(self.frames) >= MOST_DEEP:
            raise CannotGoOn
        caller, child = self.top, Frame(self.friend.flows[flow_id])
        self.frames.append(child)
        end = "stopped" if self.must_stop(child) else (yield from self.walk_flow(child))
        self.frames.remove(child)
        caller.answers[step["id"]] = end
