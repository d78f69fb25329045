"""What LINE says of each account: its token, its webhook, its clock, its quota."""

from collections.abc import Callable
from datetime import datetime

from cryptography.exceptions import InvalidTag

from bot.line_client import LineClient, LineUnreachable
from bot.signed_events import is_signed
from console.cli.doctor.findings import Finding, Findings, error, ok, warning
from console.settings import Settings
from console.upkeep import read_confirmed
from storage.accounts import Credentials, credentials, list_accounts
from storage.models.people import Account
from storage.unit import Store

LONGEST_SKEW_S = 2.0
LOW_SHARE = 0.1
UNAUTHORIZED = 401
EXAMPLE_SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"  # noqa: S105 # LINE's own example
EXAMPLE_BODY = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
EXAMPLE_SIGNATURE = "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="
Clock = Callable[[], datetime]


def check_line(settings: Settings, store: Store, client: LineClient, clock: Clock) -> Findings:
    """Every account that is served; LINE is asked up to five times for each."""
    yield _signature()
    accounts = [account for account in store.read(list_accounts) if account.is_active]
    if not accounts:
        yield warning("account.none")
    for account in accounts:
        try:
            known = credentials(settings.key(), account)
        except InvalidTag:
            yield error("account.sealed", account=account.id)
            continue
        yield from _check(settings, account, known, client, clock)


def _check(
    settings: Settings, account: Account, known: Credentials, client: LineClient, clock: Clock
) -> Findings:
    yield _redelivery(settings, account.id)
    try:
        yield from _clock(account.id, known.token, client, clock)
        yield from _webhook(settings, account.id, known.token, client)
        yield _quota(account.id, known.token, client)
    except LineUnreachable as unreachable:
        key = "token.bad" if unreachable.status == UNAUTHORIZED else "line.silent"
        yield error(key, account=account.id, why=unreachable)


def _clock(account: str, token: str, client: LineClient, clock: Clock) -> Findings:
    told, now = client.clock(token), clock()
    yield ok("token.good", account=account)
    if told is None:
        return
    off_s = (now - told).total_seconds() - 0.5  # it is told in whole seconds
    found = {"seconds": f"{off_s:+.1f}"}
    yield error("clock.off", **found) if abs(off_s) > LONGEST_SKEW_S else ok("clock.good", **found)


def _webhook(settings: Settings, account: str, token: str, client: LineClient) -> Findings:
    endpoint = client.endpoint(token)
    wanted = f"{settings.public_url or ''}/line/{account}/webhook"
    if endpoint is None:
        yield error("webhook.none", account=account, wanted=wanted)
        return
    if settings.public_url is not None and endpoint.url != wanted:
        yield error("webhook.other", account=account, found=endpoint.url, wanted=wanted)
    if not endpoint.is_active:
        yield error("webhook.off", account=account)
    trial = client.try_endpoint(token)
    if trial.is_good:
        yield ok("webhook.answers", account=account, url=endpoint.url)
    else:
        yield error("webhook.fails", account=account, reason=trial.reason, detail=trial.detail)


def _signature() -> Finding:
    """By the example that LINE gives (developers.line.biz, verify-webhook-signature, 2026-08)."""
    is_right = is_signed(EXAMPLE_SECRET, EXAMPLE_BODY, EXAMPLE_SIGNATURE)
    is_wrong_taken = is_signed(EXAMPLE_SECRET, EXAMPLE_BODY + b" ", EXAMPLE_SIGNATURE)
    is_good = is_right and not is_wrong_taken
    return ok("signature.good") if is_good else error("signature.bad")


def _quota(account: str, token: str, client: LineClient) -> Finding:
    told = client.quota(token)
    if told.most is None:
        return ok("quota.none", account=account)
    left = max(0, told.most - told.used)
    is_low = left < told.most * LOW_SHARE
    return (warning if is_low else ok)(
        "quota.low" if is_low else "quota.good", account=account, left=left, most=told.most
    )


def _redelivery(settings: Settings, account: str) -> Finding:
    """No API tells it: a person has to say that they have looked."""
    is_confirmed = account in read_confirmed(settings.data_dir)
    return (ok if is_confirmed else warning)(
        "redelivery.on" if is_confirmed else "redelivery.unknown", account=account
    )
