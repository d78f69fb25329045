"""What cannot be done in a talk that is tried or tested, and what an error tells people."""

from flows.language.sayings.saying import Param, Saying, saying


class CannotDo(Exception):
    """The talk wants something that cannot be done, such as a button that is not on offer."""

    def __init__(self, key: str, /, **params: Param) -> None:
        super().__init__(saying(key, **params))


def why_of(error: Exception) -> Saying:
    """What an error says to people; a bug says what Python says."""
    first = error.args[0] if error.args else ""
    return first if isinstance(first, Saying) else saying("as_is", text=str(error))
