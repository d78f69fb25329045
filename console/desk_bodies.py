"""What browsers send about the rules of the counter and about who is there."""

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from console.bodies import Body, Name
from storage.desk_rules import Rule, Way

WEEK_MINUTES = 7 * 24 * 60
MONTH_MINUTES = 30 * 24 * 60
Target = Annotated[int, Field(ge=0, le=WEEK_MINUTES)]
Ways = Annotated[list[Way], Field(max_length=4)]


class RuleBody(Body):
    """One rule; null is as the house has it, 0 is off or never."""

    first_minutes: Target | None
    next_minutes: Target | None
    hours: Literal["open", "always"] | None
    assign: Ways | None
    most_open: Annotated[int, Field(ge=0, le=1000)] | None
    return_minutes: Annotated[int, Field(ge=0, le=MONTH_MINUTES)] | None
    reopen_minutes: Annotated[int, Field(ge=0, le=MONTH_MINUTES)] | None
    reopen_to: Literal["person", "queue"] | None

    def as_rule(self) -> Rule:
        """The rule. Raises ValueError for a way that stands twice."""
        ways = self.assign
        if ways is not None and len(set(ways)) < len(ways):
            raise ValueError("assign: each way once")
        return Rule(
            first_minutes=self.first_minutes,
            next_minutes=self.next_minutes,
            hours=self.hours,
            assign=None if ways is None else tuple(ways),
            most_open=self.most_open,
            return_minutes=self.return_minutes,
            reopen_minutes=self.reopen_minutes,
            reopen_to=self.reopen_to,
        )


class RulesChange(Body):
    """PUT /desk/rules. version: of the rules that were looked at; queues: those that differ."""

    version: Annotated[int, Field(ge=0, le=2**31 - 1)]
    house: RuleBody
    queues: Annotated[dict[Name, RuleBody], Field(max_length=200)]


class Standing(Body):
    """PUT /desk/people/<id>; what is left out stays. until: the end of being out, if known."""

    is_receiving: bool | None = None
    is_out: bool | None = None
    until: AwareDatetime | None = None
