"""What is to happen to one process of the product."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Haunt:
    """point: where; `*`: at every place, each counted by itself. hit: the how-manieth time. times:
    from then on, so often in a row. act: what happens there. without: a protection that is taken
    out. note: the file in which what has happened is written. lease_s: how old a call of another
    process is when it is taken over. window_s: for how long a free reply is held to be good. lost:
    while this file is there, LINE's name is not found. clock: a file that tells by how many seconds
    this process's clock is wrong. census: a file in which it counts what lives in it, whenever it
    gets SIGUSR1.
    """

    point: str | None = None
    hit: int = 1
    times: int = 1
    act: str = "kill"
    without: str | None = None
    note: str | None = None
    lease_s: float | None = None
    window_s: int | None = None
    lost: str | None = None
    clock: str | None = None
    census: str | None = None


@dataclass(frozen=True)
class Life:
    """One process of the product, from its start to its end."""

    arguments: Sequence[str]
    environment: Mapping[str, str]
    log: str
    haunt: Haunt

    def as_line(self) -> bytes:
        return json.dumps(asdict(self)).encode() + b"\n"

    @staticmethod
    def read(line: bytes) -> "Life":
        told = json.loads(line)
        return Life(**{**told, "haunt": Haunt(**told["haunt"])})
