"""What this process counts and times for /metrics. Figures that the database knows are not here.

A count is made where the thing happens, also in a unit that is repeated or undone afterwards: these
figures are for the eye and for alerts, never for a decision.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics

Step = Literal["webhook", "wait", "turn", "line"]
SECONDS = (0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60)

disable_created_metrics()  # type: ignore[no-untyped-call] # the library leaves it untyped
REGISTRY = CollectorRegistry()

STEP_SECONDS = Histogram(
    "madoguchi_step_seconds",
    "How long a message's steps take: webhook (until LINE is answered), wait (until its turn), "
    "turn, line (a call to LINE's API)",
    ["step"],
    buckets=SECONDS,
    registry=REGISTRY,
)
COMMIT_SECONDS = Histogram(
    "madoguchi_commit_seconds",
    "How long a commit waits for the disk",
    buckets=SECONDS,
    registry=REGISTRY,
)
LINE_ANSWERS = Counter(
    "madoguchi_line_answers",
    "LINE's answers by call and HTTP status; `none` where no answer came",
    ["call", "status"],
    registry=REGISTRY,
)
DUPLICATES = Counter(
    "madoguchi_arrivals_duplicate", "Events that were here already", registry=REGISTRY
)
LATE = Counter(
    "madoguchi_arrivals_late", "Events that came over a minute after they happened",
    registry=REGISTRY,
)  # fmt: skip
ENDED = Counter(
    "madoguchi_deliveries_ended",
    "Deliveries by the state that they ended in",
    ["state"],
    registry=REGISTRY,
)
MULTICASTS_ENDED = Counter(
    "madoguchi_multicasts_ended",
    "Calls of broadcasts by the state that they ended in",
    ["state"],
    registry=REGISTRY,
)
TAKEN_OVER = Counter(
    "madoguchi_leases_taken_over",
    "Calls to LINE whose process was gone, and which another took over",
    registry=REGISTRY,
)
RESUMES = Counter(
    "madoguchi_socket_resumes",
    "Streams that a browser resumed: nothing was missed, a gap was filled, or it begins anew",
    ["found"],
    registry=REGISTRY,
)
DEAF = Counter(
    "madoguchi_bell_deaf",
    "How often this process stopped hearing the others' commits, and listened anew",
    registry=REGISTRY,
)
SIGN_IN_FAILURES = Counter(
    "madoguchi_sign_in_failures", "Wrong passwords and codes", registry=REGISTRY
)


@contextmanager
def timed(step: Step) -> Iterator[None]:
    """Time one step of a message's way, however it ends."""
    began = monotonic()
    try:
        yield
    finally:
        STEP_SECONDS.labels(step).observe(monotonic() - began)
