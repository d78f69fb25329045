"""What a serving process writes to its log: one JSON object a line, in UTC, on standard error.

On a terminal the same lines are plain text. Each has the ids of what it belongs to (`request`,
`arrival`, `delivery`, `account`); what is said in a talk is never in it.
"""

import logging
import sys
from typing import Any, TextIO

import structlog
from gevent import get_hub

from console.cli.redaction import Redactor

QUIET = ("transitions", "urllib3.connectionpool")  # they tell every step, and addresses

log = logging.getLogger("madoguchi")


def write_logs(key: bytes, stream: TextIO = sys.stderr) -> None:
    """From now on, whoever logs by the standard library's means."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter(key, is_plain=stream.isatty()))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.INFO)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(True)  # noqa: FBT003 # the library's own signature
    get_hub().print_exception = _tell_greenlet  # else it writes to standard error by itself


def formatter(key: bytes, *, is_plain: bool = False) -> logging.Formatter:
    """Makes a line of what was logged."""
    as_json = structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=False)
    as_text = structlog.processors.LogfmtRenderer(key_order=["at", "level", "event"])
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.contextvars.merge_contextvars,
        ],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            Redactor(key),
            _as_text if is_plain else as_json,
            *([as_text] if is_plain else []),
        ],
    )


def _as_text(_logger: Any, _method: str, line: Any) -> Any:
    """An error of several places takes one line each on a terminal."""
    error = line.pop("error", None)
    if error is not None:
        line["error"] = " ".join(filter(None, [error["kind"], error.get("said", "")]))
        line["error_at"] = error["at"][-1] if error["at"] else ""
    return line


def _tell_greenlet(_context: Any, kind: Any, value: Any, trace: Any) -> None:
    log.error("a greenlet failed", exc_info=(kind, value, trace))
