"""The flows' part of the API's table: files, forms, publishing, how the bot fares, the FAQ."""

from console import bodies, form_bodies
from console.api import (
    bot_health,
    faq_learning,
    flow_drafts,
    flow_files,
    flow_foreseeing,
    flow_forms,
    flow_publishing,
)
from console.api.route import MADE, Route

_FILE = "/flows/files/<path:file>"
_FLOW = "/flows/<flow_id>"

FLOW_ROUTES = (
    Route("GET", "/flows", "supervisor", flow_files.list_flows, schema="flow_page"),
    Route(
        "GET", "/flows/health", "supervisor", bot_health.overview,
        query=("days",), schema="bot_health",
    ),
    Route(
        "GET", f"{_FLOW}/health", "supervisor", bot_health.of_flow,
        query=("days", "version"), schema="flow_health",
    ),
    Route(
        "GET", f"{_FLOW}/health/talks", "supervisor", bot_health.list_talks,
        query=("days", "version", "step", "figure", "after"), schema="flow_talk_page",
    ),
    Route("GET", _FILE, "supervisor", flow_files.read, schema="flow_file"),
    Route(
        "PUT", _FILE, "manager", flow_files.write, bodies.FileWrite,
        schema="flow_file", statuses=MADE,
    ),
    Route("DELETE", _FILE, "manager", flow_files.delete, bodies.FileDelete, schema="empty"),
    Route(
        "POST", "/flows/check", "supervisor", flow_drafts.check, bodies.FlowText,
        schema="flow_check",
    ),
    Route(
        "POST", "/flows/try", "supervisor", flow_drafts.try_out, bodies.FlowTry,
        schema="flow_trial",
    ),
    Route(
        "POST", "/flows/test", "supervisor", flow_drafts.run_tests, bodies.FlowText,
        schema="flow_tests",
    ),
    Route(
        "POST", "/flows/diff", "supervisor", flow_drafts.compare, bodies.FlowText,
        schema="flow_diff",
    ),
    Route(
        "POST", "/flows/publish", "manager", flow_publishing.publish, bodies.FlowPublish,
        schema="flow_changes",
    ),
    Route(
        "POST", "/flows/foresee", "manager", flow_foreseeing.foresee_publish, bodies.FlowForesee,
        schema="flow_foresight",
    ),
    Route(
        "POST", "/flows/replay", "manager", flow_foreseeing.replay, bodies.FlowReplay,
        schema="flow_replay",
    ),
    Route(
        "POST", "/flows/forms/read", "supervisor", flow_forms.read, bodies.FlowText,
        schema="house_form",
    ),
    Route(
        "POST", "/flows/forms/write", "manager", flow_forms.write, form_bodies.FormChange,
        schema="house_form_written",
    ),
    Route(
        "POST", "/flows/forms/month", "supervisor", flow_forms.month, form_bodies.FormMonth,
        schema="house_month",
    ),
    Route(
        "POST", "/flows/forms/ask", "supervisor", flow_forms.ask, form_bodies.FormQuestion,
        schema="faq_try",
    ),
    Route("GET", f"{_FLOW}/picture", "supervisor", flow_drafts.get_picture, schema="flow_picture"),
    Route("GET", f"{_FLOW}/standing", "supervisor", flow_drafts.standing, schema="flow_standing"),
    Route(
        "GET", f"{_FLOW}/versions", "supervisor", flow_publishing.list_versions,
        schema="flow_version_page",
    ),
    Route(
        "GET", f"{_FLOW}/versions/<number>", "supervisor", flow_publishing.get_version,
        schema="flow_version_text",
    ),
    Route(
        "POST", f"{_FLOW}/foresee", "manager", flow_foreseeing.foresee_rollback,
        bodies.FlowForeseeRollback, schema="flow_foresight",
    ),
    Route(
        "POST", f"{_FLOW}/rollback", "manager", flow_publishing.roll_back, bodies.FlowRollback,
        schema="flow_version_page",
    ),
    Route(
        "GET", "/faq/learning", "manager", faq_learning.list_drafts,
        query=("days",), schema="faq_draft_page",
    ),
    Route(
        "POST", "/faq/learning/settle", "manager", faq_learning.settle, bodies.FaqQuestions,
    ),
    Route(
        "POST", "/faq/learning/draft", "manager", faq_learning.draft, bodies.FaqQuestions,
        schema="flow_file",
    ),
)  # fmt: skip
