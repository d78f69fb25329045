"""Ports for what a bench starts."""

import random
import socket
from contextlib import ExitStack

BELOW_EPHEMERAL = (20_000, 30_000)  # nobody is given these for a connection of theirs


def a_row_of_free_ports(count: int) -> int:
    """The first of so many ports in a row that are free."""
    for _ in range(200):
        first = random.SystemRandom().randrange(*BELOW_EPHEMERAL)
        with ExitStack() as stack:
            try:
                for port in range(first, first + count):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", port))
            except OSError:
                continue
            return first
    raise SystemExit(f"there are no {count} free ports in a row")
