"""One line of the API's table, and who may what."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from console import bodies
from console.rates import Kind
from storage.roles import ROLES

MADE = (201, 200)  # new, or here already under the id that the browser gave it


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the table. query: its query parameters; lists: those that may be named several
    times; statuses: of what is not refused.

    is_grave: asks for the password again when it was not said for a while. while_enrolling: open
    also to who has to set up a second factor first. form: the fields of a form that comes in the
    place of a JSON body, `file` among them; `poster` may be left out. limit: how fast one person
    may do it; limited_by: the query parameter without which it is not dear.
    """

    method: str
    path: str
    role: str
    work: Callable[..., Any]
    body: type[bodies.Body] | None = None
    query: tuple[str, ...] | None = None
    lists: tuple[str, ...] = ()
    schema: str = "empty"
    statuses: tuple[int, ...] = (200,)
    is_grave: bool = False
    while_enrolling: bool = False
    form: tuple[str, ...] | None = None
    limit: Kind | None = None
    limited_by: str | None = None

    @property
    def name(self) -> str:
        """Unique; Flask's endpoint and OpenAPI's operationId."""
        return f"{self.work.__module__.rpartition('.')[2]}_{self.work.__name__}"


def may(role: str, least: str) -> bool:
    """Whether a role is allowed what the least role is."""
    return ROLES.index(role) >= ROLES.index(least)
