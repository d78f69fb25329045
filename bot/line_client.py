"""The one file that speaks to LINE: one long-lived pool, our own time-outs, no hidden retries.

Built on the SDK's HTTP layer. Requests are JSON made by us, because the SDK's models drop what
they do not know; what comes back is read by `line_answers`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any

import urllib3
from linebot.v3.messaging import Configuration
from linebot.v3.messaging.rest import RESTClientObject
from urllib3.response import BaseHTTPResponse

from bot.faulty import find_faulty
from bot.line_answers import (
    ACCEPTED,
    BAD_REQUEST,
    GONE,
    NOT_FOUND,
    OK,
    SERVER_ERROR,
    TOO_MANY,
    Detail,
    details_of,
    multicast_outcome_of,
    outcome_of,
    tree_of,
)
from storage import broadcast_outcomes
from storage.measures import LINE_ANSWERS, timed
from storage.outcomes import Mode, NoAnswer, Outcome, Refused, Work
from storage.quota import Told

API = "https://api.line.me"
DATA_API = "https://api-data.line.me"
POOL = 256  # at least rate × LINE's latency, or waiting for a connection is the limit
CONNECT_S = 3.0
READ_S = 8.0
CALL_S = CONNECT_S + READ_S  # with all that is asked after it
CHECKS_S = 3.0  # for all messages of a call together


class LineUnreachable(Exception):
    """LINE did not answer, or answered that it cannot now. Try again later.

    status: what LINE answered; None for no answer.
    """

    def __init__(self, told: str, status: int | None = None) -> None:
        super().__init__(told)
        self.status = status


@dataclass(frozen=True, slots=True)
class Content:
    """A file on its way from LINE; read it in chunks."""

    response: BaseHTTPResponse
    mime: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where LINE sends an account's events, and whether it does."""

    url: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """What LINE met when it called our webhook. reason, detail: in LINE's words."""

    is_good: bool
    reason: str
    detail: str


class LineClient:
    """LINE's API for all accounts; tokens are given with each call."""

    def __init__(self, api_url: str = API, data_api_url: str = DATA_API) -> None:
        configuration = Configuration(access_token="unused")  # noqa: S106 # given with each call
        configuration.connection_pool_maxsize = POOL
        configuration.retries = urllib3.Retry(0)
        self._pool: urllib3.PoolManager = RESTClientObject(configuration).pool_manager
        self._timeout = urllib3.Timeout(connect=CONNECT_S, read=READ_S)
        self._reply = f"{api_url}/v2/bot/message/reply"
        self._push = f"{api_url}/v2/bot/message/push"
        self._multicast = f"{api_url}/v2/bot/message/multicast"
        self._check = f"{api_url}/v2/bot/message/validate/"
        self._profile = f"{api_url}/v2/bot/profile/"
        self._content = f"{data_api_url}/v2/bot/message/"
        self._endpoint = f"{api_url}/v2/bot/channel/webhook/endpoint"
        self._trial = f"{api_url}/v2/bot/channel/webhook/test"
        self._info = f"{api_url}/v2/bot/info"
        self._quota = f"{api_url}/v2/bot/message/quota"
        self._loading = f"{api_url}/v2/bot/chat/loading/start"
        self._read = f"{api_url}/v2/bot/chat/markAsRead"

    def send(self, work: Work, token: str) -> Outcome:
        """Make one call; whatever happens is an outcome, never an exception.

        Of a call that LINE refuses without naming the fault, each message is checked by itself, as
        far as there is time: what was not checked may be refused the next time.
        """
        until = monotonic() + CALL_S
        headers = _headers(token)
        body: dict[str, Any] = {"messages": list(work.messages)}
        if work.mode == "reply":
            url, body["replyToken"] = self._reply, work.reply_token
        else:
            url, body["to"] = self._push, work.line_user_id
            headers["X-Line-Retry-Key"] = work.retry_key
        try:
            with timed("line"):
                answer = self._post(work.mode, url, body, headers)
        except urllib3.exceptions.HTTPError as error:
            return NoAnswer(type(error).__name__)
        outcome = outcome_of(answer)
        if not isinstance(outcome, Refused) or outcome.places or answer.status != BAD_REQUEST:
            return outcome
        until = min(until, monotonic() + CHECKS_S)
        places = find_faulty(
            outcome.reason,
            work.messages,
            lambda one: self._is_refused(work.mode, one, token, until),
        )
        return replace(outcome, places=places)

    def multicast(self, call: broadcast_outcomes.Call, token: str) -> broadcast_outcomes.Outcome:
        """Send to many at once; whatever happens is an outcome, never an exception."""
        body = {"to": list(call.line_user_ids), "messages": list(call.messages)}
        headers = _headers(token) | {"X-Line-Retry-Key": call.retry_key}
        try:
            with timed("line"):
                answer = self._post("multicast", self._multicast, body, headers)
        except urllib3.exceptions.HTTPError as error:
            return NoAnswer(type(error).__name__)
        return multicast_outcome_of(answer)

    def check_multicast(self, messages: Sequence[Mapping[str, Any]], token: str) -> list[Detail]:
        """What LINE would refuse of these messages; nothing when it would take them.

        Raises LineUnreachable when it does not say.
        """
        url, body = f"{self._check}multicast", {"messages": list(messages)}
        try:
            answer = self._post("check", url, body, _headers(token))
        except urllib3.exceptions.HTTPError as error:
            raise LineUnreachable(type(error).__name__) from error
        if answer.status == BAD_REQUEST:
            return details_of(answer)
        if answer.status != OK:
            raise LineUnreachable(f"check: {answer.status}", answer.status)
        return []

    def show_loading(self, line_user_id: str, seconds: int, token: str) -> None:
        """Three dots on the friend's screen until the next message. Raises LineUnreachable."""
        self._tell(
            "loading", self._loading, {"chatId": line_user_id, "loadingSeconds": seconds}, token
        )

    def mark_read(self, read_token: str, token: str) -> None:
        """The message of this token and all before it were read. Raises LineUnreachable."""
        self._tell("read", self._read, {"markAsReadToken": read_token}, token)

    def profile(self, line_user_id: str, token: str) -> dict[str, Any] | None:
        """Who a friend says they are; None when LINE has nothing for us. Raises LineUnreachable."""
        answer = self._get("profile", self._profile + line_user_id, token)
        if answer.status == OK:
            profile: dict[str, Any] = answer.json()
            return profile
        if answer.status < SERVER_ERROR and answer.status != TOO_MANY:
            return None
        raise LineUnreachable(f"profile: {answer.status}", answer.status)

    def quota(self, token: str) -> Told:
        """The month's limit and what of it is used. Raises LineUnreachable, also for a 4xx."""
        plan = self._ask("quota", self._quota, token)
        used = self._ask("quota", f"{self._quota}/consumption", token).get("totalUsage")
        most = plan.get("value") if plan.get("type") == "limited" else None
        if not isinstance(used, int) or not isinstance(most, int | None):
            raise LineUnreachable("quota: an answer that has no figures")
        return Told(most, used)

    def basic_id(self, token: str) -> str | None:
        """The account's address. Raises LineUnreachable, also for a 4xx."""
        found = self._ask("info", self._info, token).get("basicId")
        return found if isinstance(found, str) else None

    def endpoint(self, token: str) -> Endpoint | None:
        """None when no address was entered yet. Raises LineUnreachable, also for a 4xx."""
        answer = self._get("endpoint", self._endpoint, token)
        if answer.status == NOT_FOUND:
            return None
        if answer.status != OK:
            raise LineUnreachable(f"endpoint: {answer.status}", answer.status)
        tree = tree_of(answer)
        return Endpoint(str(tree.get("endpoint", "")), tree.get("active") is True)

    def try_endpoint(self, token: str) -> Trial:
        """Have LINE call our webhook now; 60 times an hour. Raises LineUnreachable."""
        answer = self._get("endpoint", self._trial, token, method="POST", body=b"{}")
        if answer.status != OK:
            raise LineUnreachable(f"webhook test: {answer.status}", answer.status)
        tree = tree_of(answer)
        is_good = tree.get("success") is True
        return Trial(is_good, str(tree.get("reason", "")), str(tree.get("detail", "")))

    def clock(self, token: str) -> datetime | None:
        """The time by LINE's clock, to the second; None when it is not told.

        Raises LineUnreachable, also for a 4xx: a token that is not valid has the status 401.
        """
        answer = self._get("info", self._info, token)
        if answer.status != OK:
            raise LineUnreachable(f"info: {answer.status}", answer.status)
        told = answer.headers.get("Date")
        return parsedate_to_datetime(told) if told else None

    @contextmanager
    def content(self, line_message_id: str, token: str) -> Iterator[Content | str]:
        """A file, streamed; or `preparing`, `expired`. Raises LineUnreachable."""
        url = f"{self._content}{line_message_id}/content"
        answer = self._get("content", url, token, preload=False)
        try:
            if answer.status == OK:
                yield Content(answer, answer.headers.get("Content-Type", ""))
            elif answer.status == ACCEPTED:
                yield "preparing"
            elif answer.status in {NOT_FOUND, GONE}:
                yield "expired"
            else:
                raise LineUnreachable(f"content: {answer.status}", answer.status)
        finally:
            answer.drain_conn() if answer.status != OK else answer.close()
            answer.release_conn()

    def _is_refused(self, mode: Mode, message: Mapping[str, Any], token: str, until: float) -> bool:
        """Whether LINE would not send this message, if it says so in time; nothing is sent."""
        left_s = until - monotonic()
        if left_s <= 0:
            return False
        timeout = urllib3.Timeout(total=left_s)
        headers = _headers(token)
        try:
            body = {"messages": [message]}
            answer = self._post("check", self._check + mode, body, headers, timeout)
        except urllib3.exceptions.HTTPError:
            return False
        return answer.status == BAD_REQUEST

    def _tell(self, call: str, url: str, body: dict[str, Any], token: str) -> None:
        headers = _headers(token)
        try:
            answer = self._post(call, url, body, headers)
        except urllib3.exceptions.HTTPError as error:
            raise LineUnreachable(type(error).__name__) from error
        if answer.status == TOO_MANY or answer.status >= SERVER_ERROR:
            raise LineUnreachable(f"{url}: {answer.status}", answer.status)

    def _post(
        self,
        call: str,
        url: str,
        body: dict[str, Any],
        headers: dict[str, str],
        timeout: urllib3.Timeout | None = None,
    ) -> BaseHTTPResponse:
        # Sorted, because one key means one body: PostgreSQL gives messages back in its own order.
        content = json.dumps(body, ensure_ascii=False, sort_keys=True).encode()
        timeout = timeout or self._timeout
        return self._request(call, "POST", url, headers, body=content, timeout=timeout)

    def _ask(self, call: str, url: str, token: str) -> dict[str, Any]:
        answer = self._get(call, url, token)
        if answer.status != OK:
            raise LineUnreachable(f"{url}: {answer.status}", answer.status)
        figures = answer.json()
        return figures if isinstance(figures, dict) else {}

    def _get(
        self,
        call: str,
        url: str,
        token: str,
        *,
        preload: bool = True,
        method: str = "GET",
        body: bytes | None = None,
    ) -> BaseHTTPResponse:
        headers = {"Authorization": f"Bearer {token}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            return self._request(call, method, url, headers, preload_content=preload, body=body)
        except urllib3.exceptions.HTTPError as error:
            raise LineUnreachable(type(error).__name__) from error

    def _request(
        self, call: str, method: str, url: str, headers: dict[str, str], **more: Any
    ) -> BaseHTTPResponse:
        """Every call to LINE goes out here, once, and is counted by how it ended."""
        status = "none"
        try:
            answer = self._pool.request(
                method, url, headers=headers, retries=False, **{"timeout": self._timeout, **more}
            )
            status = str(answer.status)
            return answer
        finally:
            LINE_ANSWERS.labels(call, status).inc()


def _headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
