"""What browsers send about notices: rules, a push address, a link with LINE."""

from base64 import urlsafe_b64decode
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints

from console.bodies import Body, Id
from storage.notice_rules import AT_FIRST, MATRIX

Occasion = Literal[
    "reply", "unassigned", "handoff", "mention", "assigned", "woken", "at_risk", "breached",
    "failed", "notice",
]  # fmt: skip
ClockTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Day = Annotated[int, Field(ge=0, le=6)]


class Means(Body):
    """By which means one hears of an occasion."""

    toast: bool = False
    sound: bool = False
    desktop: bool = False
    line: bool = False


Matrix = dict[Occasion, Means]


class OfAccount(Body):
    """What is different for one account: everything, or nothing is told."""

    mode: Literal["own", "off"]
    matrix: Matrix = Field(default_factory=dict)


class Quiet(Body):
    """Hours in which nothing rings, in the workspace's zone; they may cross midnight."""

    is_on: bool = False
    days: Annotated[list[Day], Field(max_length=7)] = Field(default_factory=lambda: [*range(7)])
    begins: ClockTime = "21:00"
    ends: ClockTime = "09:00"


class Sound(Body):
    """Which sound, and how loud."""

    name: Literal["bell", "wood", "two", "off"] = "bell"
    volume: Annotated[int, Field(ge=0, le=100)] = 60


def _at_first() -> Any:
    return {occasion: Means(**means) for occasion, means in MATRIX.items()}


class Notices(Body):
    """The preference `notices`."""

    matrix: Matrix = Field(default_factory=_at_first)
    accounts: Annotated[dict[Id, OfAccount], Field(max_length=50)] = Field(default_factory=dict)
    quiet: Quiet = Field(default_factory=Quiet)
    sound: Sound = Field(default_factory=Sound)
    desktop_with_text: bool = False
    line_with_text: bool = False
    line_daily_cap: Annotated[int, Field(ge=1, le=200)] = AT_FIRST["line_daily_cap"]


class NoticesSeen(Body):
    """POST /me/notices/seen: of one talk, or all up to the newest that one has before them."""

    conversation_id: Id | None = None
    up_to: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None


class NoticeTest(Body):
    """POST /me/notices/test."""

    channel: Literal["desktop", "line"]


def _of_length(length: int) -> AfterValidator:
    """base64url of so many bytes."""

    def check(text: str) -> str:
        plain = urlsafe_b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4))
        if len(plain) != length:
            raise ValueError(f"{length} bytes are wanted")
        return text.rstrip("=")

    return AfterValidator(check)


Base64 = StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,200}={0,2}$")


class PushKeys(Body):
    """The browser's own keys: a point of P-256, and a secret."""

    p256dh: Annotated[str, Base64, _of_length(65)]
    auth: Annotated[str, Base64, _of_length(16)]


class PushGiven(Body):
    """PUT /me/push: as the browser's PushSubscription says it."""

    endpoint: Annotated[str, StringConstraints(pattern=r"^https?://[!-~]+$", max_length=1000)]
    keys: PushKeys


class LineLink(Body):
    """POST /me/line."""

    account: Id
