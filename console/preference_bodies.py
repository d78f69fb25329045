"""The shapes of what operators may prefer, each under its name. Another name is refused."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StringConstraints

from console.bodies import Body
from console.notice_bodies import Notices

# As the console writes them: `e`, `Shift+e`, `Mod+k`, `?`; two keys in a row as `g i`.
KeyName = Annotated[str, StringConstraints(pattern=r"^\S{1,24}( \S{1,24})?$")]
ActionName = Annotated[str, StringConstraints(pattern=r"^[a-z_]+(\.[a-z_]+)+$", max_length=60)]


class Desk(Body):
    """How the console looks, and which keys send a text."""

    theme: Literal["system", "light", "dark"] = "system"
    send_key: Literal["enter", "mod_enter"] = "mod_enter"


class Watch(Body):
    """How a supervisor looks at talks: silently, nothing is marked as seen and nobody told."""

    silent: bool = False


class Keymap(Body):
    """Which keys do what, where they were changed; an empty list takes an action's keys."""

    keys: Annotated[
        dict[ActionName, Annotated[list[KeyName], Field(max_length=4)]],
        Field(default_factory=dict, max_length=200),
    ]
    has_single_keys: bool = True


class UndoSend(Body):
    """How long a reply waits before it leaves, so that it can be taken back. 0: not at all."""

    seconds: Literal[0, 5, 10] = 5


SHAPES: dict[str, type[Body]] = {
    "desk": Desk,
    "keymap": Keymap,
    "notices": Notices,
    "undo_send": UndoSend,
    "watch": Watch,
}


class Preference(Body):
    """PUT /me/preferences/<name>: the whole value, in the name's own shape."""

    largest_bytes: ClassVar[int] = 16 * 1024

    value: dict[str, Any]
