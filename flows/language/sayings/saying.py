"""Which sentence is meant, and with what in it: kept as found, put into words when shown."""

from dataclasses import dataclass
from typing import Literal, Union

Language = Literal["ja", "en"]
LANGUAGES: tuple[Language, ...] = ("ja", "en")
Param = Union[str, int, "Saying", tuple["str | Saying", ...]]  # a tuple is a list of them
Pair = tuple[str, str]  # Japanese, English; what varies is `$so`


@dataclass(frozen=True, slots=True)
class Saying:
    """A sentence of the catalogue, by its key, and what stands in its places."""

    key: str
    params: tuple[tuple[str, Param], ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """How a sentence reads. remedy: what to do about it, where that is always the same."""

    message: Pair
    remedy: Pair | None = None


def saying(key: str, /, **params: Param) -> Saying:
    """A sentence with its parameters."""
    return Saying(key, tuple(params.items()))
