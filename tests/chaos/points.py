"""Where the product can die: the table C0 to C17, and by what each place is reached.

C15 is the middle of a broadcast, which has places of its own and a storm of its own (`broadcast`).
C8 and C9 lie on the wire and not in our code: there the line between the product and LINE kills it.
"""

from collections.abc import Mapping
from typing import Literal, get_args

from storage.failpoints import Point

OnWire = Literal["request on the wire", "answer on the wire"]
Place = Point | OnWire

TABLE: Mapping[str, Place] = {
    "C0": "webhook received",
    "C1": "arrival written",
    "C2": "arrival committed",
    "C3": "arrival claimed",
    "C4": "turn decided",
    "C5": "encoder answered",
    "C6": "turn committed",
    "C7": "intent committed",
    "C8": "request on the wire",
    "C9": "answer on the wire",
    "C10": "outcome known",
    "C11": "outcome committed",
    "C12": "entry emitted",
    "C13": "reply written",
    "C14": "reply committed",
    "C15": "multicast intended",
    "C16": "file fetched",
    "C17": "timer fired",
}
IN_TALKS: Mapping[str, Place] = {code: place for code, place in TABLE.items() if code != "C15"}
IN_BROADCASTS: tuple[Place, ...] = (
    "recipients frozen", "multicast intended", "outcome known", "multicast recorded",
    "request on the wire", "answer on the wire",
)  # fmt: skip
ON_WIRE = frozenset(get_args(OnWire))
IN_PROCESS = frozenset(get_args(Point))
