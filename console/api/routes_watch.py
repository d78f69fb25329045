"""The supervisor's part of the API's table: the counter at a glance, reports, satisfaction."""

from console import bodies, watch_bodies
from console.api import aside, quotas, reports, satisfaction, upkeep, watch
from console.api.route import Route

_PERIOD = ("from", "to", "account")

WATCH_ROUTES = (
    Route("GET", "/watch", "supervisor", watch.overview, query=("account",), schema="watch"),
    Route(
        "GET", "/watch/talks", "supervisor", watch.list_talks,
        query=("figure", "operator", "account", "after"), schema="conversation_page",
    ),
    Route(
        "GET", "/watch/failures", "supervisor", watch.list_failures,
        query=("which", "account", "sender", "days", "after"), schema="failure_page",
    ),
    Route(
        "GET", "/watch/aside", "supervisor", aside.list_all, query=("account", "after"),
        schema="aside_page",
    ),
    Route("GET", "/upkeep", "manager", upkeep.read, schema="upkeep"),
    Route(
        "PUT", "/accounts/<account_id>/sending", "manager", quotas.change_sending,
        watch_bodies.Sending, schema="quota",
    ),
    Route(
        "POST", "/watch/aside/<arrival_id>/requeue", "supervisor", aside.requeue,
        bodies.Nothing,
    ),
    Route(
        "POST", "/conversations/<talk_id>/whispers", "supervisor", watch.whisper,
        watch_bodies.Whisper, schema="note", statuses=(201, 200),
    ),
    Route(
        "GET", "/reports", "supervisor", reports.table, query=(*_PERIOD, "by"), schema="report"
    ),
    Route(
        "GET", "/reports/talks", "supervisor", reports.list_talks,
        query=(*_PERIOD, "by", "key", "figure", "after"), schema="report_talk_page",
    ),
    Route(
        "POST", "/reports/files", "supervisor", reports.make_file, watch_bodies.ReportFile,
        schema="report_file", limit="export",
    ),
    Route(
        "GET", "/reports/questions", "supervisor", satisfaction.list_questions,
        query=_PERIOD, schema="question_page",
    ),
    Route(
        "GET", "/reports/questions/talks", "supervisor", satisfaction.list_talks,
        query=(*_PERIOD, "flow", "step", "value", "other", "after"), schema="answer_page",
    ),
    Route(
        "PUT", "/reports/satisfaction", "manager", satisfaction.choose, watch_bodies.Satisfaction,
        schema="question_choice",
    ),
    Route(
        "DELETE", "/reports/satisfaction", "manager", satisfaction.choose_none,
        schema="question_choice",
    ),
)  # fmt: skip
