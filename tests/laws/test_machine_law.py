"""What is promised holds on any walk through the whole product, whatever dies and whoever is slow.

Hypothesis chooses the walk, and shortens one that breaks a promise. A few examples run by default;
MADOGUCHI_EXAMPLES=500 (or 5000, or 200000) in the environment runs so many.
"""

import os
from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.laws.one_thread import shop
from tests.laws.one_thread.line import FAULTS
from tests.laws.one_thread.processes import Process
from tests.laws.one_thread.promises import Promises
from tests.laws.one_thread.settling_down import settle_down
from tests.laws.one_thread.stages import Stage
from tests.laws.one_thread.world import WORKS

EXAMPLES = int(os.environ.get("MADOGUCHI_EXAMPLES", "8"))
STEPS = 40
T = TypeVar("T")
which = st.integers(0, 9)
operators = st.integers(0, len(shop.OPERATORS) - 1)
deaths = st.one_of(st.none(), st.none(), st.integers(1, 40))  # at which write, if at any
faults = st.one_of(st.none(), st.sampled_from(FAULTS))


def one_of(things: Sequence[T], number: int) -> T:
    """Any of them, by a number that is drawn before they are known."""
    return things[number % len(things)]


class Machine(RuleBasedStateMachine):
    """Three friends in two accounts, two operators, and processes that die."""

    stage: ClassVar[Stage]

    def __init__(self) -> None:
        super().__init__()
        self.said = 0

    @initialize(is_one_process=st.booleans())
    def it_begins(self, is_one_process: bool) -> None:  # noqa: FBT001 # Hypothesis
        self.world = self.stage.world(0, is_one_process=is_one_process)
        self.promises = Promises(self.world)

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            settle_down(self.world, self.promises)
        finally:
            self.world.close()

    @invariant()
    def what_is_promised_holds(self) -> None:
        self.promises.hold()

    # LINE.

    @rule(friend=st.integers(0, 2), kind=st.sampled_from(["", "", shop.LATER, shop.PERSON]))
    def somebody_writes(self, friend: int, kind: str) -> None:
        self.said += 1
        self.world.says(friend, f"{kind}{self.said}番")

    @precondition(lambda self: any(not one.is_answered for one in self.world.line.letters))
    @rule(number=which, dies_at=deaths)
    def line_delivers(self, number: int, dies_at: int | None) -> None:
        waiting = [one for one in self.world.line.letters if not one.is_answered]
        self.world.deliver(one_of(waiting, number), dies_at)

    @precondition(lambda self: self.world.line.letters)
    @rule(number=which, is_copy=st.booleans(), dies_at=deaths)
    def line_delivers_once_more(self, number: int, is_copy: bool, dies_at: int | None) -> None:  # noqa: FBT001 # Hypothesis
        self.world.deliver(one_of(self.world.line.letters, number), dies_at, is_copy=is_copy)

    @precondition(lambda self: self.world.flights.under_way)
    @rule(number=which, dies_at=deaths, fault=faults)
    def a_call_goes_on(self, number: int, dies_at: int | None, fault: str | None) -> None:
        self.world.go_on(one_of(self.world.flights.under_way, number), dies_at, fault)

    # The product.

    @rule(number=which, what=st.sampled_from(["turns", "send"]), dies_at=deaths)
    def a_worker_works(self, number: int, what: str, dies_at: int | None) -> None:
        self.world.work(one_of(self.world.worker_processes, number), what, dies_at)

    @rule(number=which, what=st.sampled_from(WORKS), dies_at=deaths)
    def a_worker_does_anything(self, number: int, what: str, dies_at: int | None) -> None:
        self.world.work(one_of(self.world.worker_processes, number), what, dies_at)

    @rule(number=which)
    def a_process_dies(self, number: int) -> None:
        process = one_of(self.world.processes, number)
        if process.is_alive:
            self.world.crash(process)

    @precondition(lambda self: any(not one.is_alive for one in self.world.processes))
    @rule(number=which)
    def a_process_starts(self, number: int) -> None:
        dead: list[Process] = [one for one in self.world.processes if not one.is_alive]
        self.world.restart(one_of(dead, number))

    @rule(seconds=st.sampled_from([1, 7, 45, 700, 25 * 3600]))
    def time_passes(self, seconds: int) -> None:
        self.world.passes(timedelta(seconds=seconds))

    # Operators and their browsers.

    @rule(operator=operators, number=which, undo_s=st.sampled_from([0, 10]), dies_at=deaths)
    def an_operator_writes(
        self, operator: int, number: int, undo_s: int, dies_at: int | None
    ) -> None:
        if talks := self.world.talks():
            self.world.send(operator, one_of(talks, number), undo_s, dies_at)

    @precondition(lambda self: self.world.sendings)
    @rule(number=which, dies_at=deaths)
    def a_browser_sends_it_again(self, number: int, dies_at: int | None) -> None:
        self.world.send_again(one_of(self.world.sendings, number), dies_at)

    @rule(
        operator=operators, number=which, dies_at=deaths,
        what=st.sampled_from(["take", "resolve", "return", "snooze", "see"]),
    )  # fmt: skip
    def an_operator_moves_a_talk(
        self, operator: int, number: int, what: str, dies_at: int | None
    ) -> None:
        if talks := self.world.talks():
            self.world.move(operator, one_of(talks, number), what, dies_at)

    @rule(operator=operators, number=which, dies_at=deaths)
    def an_operator_takes_a_message_back(
        self, operator: int, number: int, dies_at: int | None
    ) -> None:
        if sent := self.world.sent():
            self.world.take_back(operator, one_of(sent, number), dies_at)

    @rule(operator=operators, number=which, verb=st.sampled_from(["send_anyway", "give_up"]))
    def an_operator_sees_to_a_delivery(self, operator: int, number: int, verb: str) -> None:
        if found := self.world.not_plainly_sent():
            self.world.see_to(operator, one_of(found, number), verb, None)

    @rule()
    def the_console_tells_the_news(self) -> None:
        self.world.emit()

    @rule(number=operators)
    def a_socket_falls_silent(self, number: int) -> None:
        self.world.drop(self.world.browsers[number])

    @rule(number=operators)
    def a_browser_catches_up(self, number: int) -> None:
        self.world.catch_up(self.world.browsers[number])


def test_what_is_promised_holds_on_any_walk(stage: Stage) -> None:
    Machine.stage = stage
    how = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    run_state_machine_as_test(Machine, settings=how)
