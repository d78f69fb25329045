"""The shapes of what operators may prefer, each under its name. Another name is refused."""

from typing import Any, ClassVar, Literal

from console.bodies import Body
from console.notice_bodies import Notices


class Desk(Body):
    """How the console looks, and which keys send a text."""

    theme: Literal["system", "light", "dark"] = "system"
    send_key: Literal["enter", "mod_enter"] = "mod_enter"


class Watch(Body):
    """How a supervisor looks at talks: silently, nothing is marked as seen and nobody told."""

    silent: bool = False


SHAPES: dict[str, type[Body]] = {"desk": Desk, "notices": Notices, "watch": Watch}


class Preference(Body):
    """PUT /me/preferences/<name>: the whole value, in the name's own shape."""

    largest_bytes: ClassVar[int] = 16 * 1024

    value: dict[str, Any]
