"""Which address of LINE's API is which endpoint here."""

import re
from collections.abc import Callable
from typing import NamedTuple

from bot.simulator import asking, sending
from bot.simulator.calls import Answer

Work = Callable[..., Answer]
ROUTES: dict[tuple[str, str], Work] = {
    ("POST", "/v2/bot/message/reply"): sending.reply,
    ("POST", "/v2/bot/message/push"): sending.push,
    ("POST", "/v2/bot/message/multicast"): sending.multicast,
    ("POST", "/v2/bot/message/broadcast"): sending.broadcast,
    ("POST", "/v2/bot/message/validate/<kind>"): sending.validate,
    ("GET", "/v2/bot/profile/<user_id>"): asking.profile,
    ("GET", "/v2/bot/message/<message_id>/content"): asking.content,
    ("GET", "/v2/bot/info"): asking.info,
    ("GET", "/v2/bot/channel/webhook/endpoint"): asking.webhook,
    ("POST", "/v2/bot/channel/webhook/test"): asking.try_webhook,
    ("GET", "/v2/bot/message/quota"): asking.quota,
    ("GET", "/v2/bot/message/quota/consumption"): asking.consumption,
    ("POST", "/v2/bot/chat/loading/start"): asking.loading,
    ("POST", "/v2/bot/chat/markAsRead"): asking.mark_read,
}


class Route(NamedTuple):
    """An endpoint. pattern: what its limit is counted by. parts: what stands in the address."""

    work: Work
    pattern: str
    parts: tuple[str, ...] = ()


def find_route(method: str, path: str) -> Route | None:
    """The endpoint at an address; None where the simulator has none."""
    plain = ROUTES.get((method, path))
    if plain is not None:
        return Route(plain, path)
    for of_method, pattern, shape in _SHAPES:
        if of_method == method and (found := shape.fullmatch(path)):
            return Route(ROUTES[method, pattern], pattern, found.groups())
    return None


_SHAPES = [
    (method, pattern, re.compile(re.sub(r"<\w+>", "([^/]+)", pattern)))
    for method, pattern in ROUTES
    if "<" in pattern
]
