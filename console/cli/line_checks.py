"""What LINE says of messages before anybody sends them, for the console, which knows no client."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.accounts import Accounts
from bot.line_client import LineClient, LineUnreachable
from console.door import Faults


def find_faults(
    client: LineClient, accounts: Accounts, account_id: str, messages: Sequence[Mapping[str, Any]]
) -> Faults | None:
    """What it would refuse of a multicast; None when it does not say."""
    known = accounts.find(account_id)
    if known is None:
        return None
    try:
        details = client.check_multicast(messages, known[1].token)
    except LineUnreachable:
        return None
    return [(one.place, one.said) for one in details]
