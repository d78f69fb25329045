"""The shapes of what operators may prefer, each under its name. Another name is refused."""

from typing import Any, ClassVar, Literal

from console.bodies import Body
from console.notice_bodies import Notices


class Desk(Body):
    """How the console looks, and which keys send a text."""

    theme: Literal["system", "light", "dark"] = "system"
    send_key: Literal["enter", "mod_enter"] = "mod_enter"


class UndoSend(Body):
    """How long a reply waits before it leaves, so that it can be taken back. 0: not at all."""

    seconds: Literal[0, 5, 10] = 5


SHAPES: dict[str, type[Body]] = {"desk": Desk, "notices": Notices, "undo_send": UndoSend}


class Preference(Body):
    """PUT /me/preferences/<name>: the whole value, in the name's own shape."""

    largest_bytes: ClassVar[int] = 16 * 1024

    value: dict[str, Any]
