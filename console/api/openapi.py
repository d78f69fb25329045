"""The API's OpenAPI document, made from the table of routes and the bodies that it checks."""

import re
from typing import Any

from console import bodies
from console.api.routes import ROUTES, Route

_PART = re.compile(r"<(\w+)>")
_TEXT = {"type": "string"}
_MAYBE_TEXT = {"type": ["string", "null"]}
_NUMBER = {"type": "integer"}


def _object(required: dict[str, Any], **more: Any) -> dict[str, Any]:
    properties = {**required, **more}
    return {"type": "object", "properties": properties, "required": list(required)}


SCHEMAS: dict[str, dict[str, Any]] = {
    "object": {"type": "object"},
    "conversation": _object(
        {
            "id": _TEXT, "account": _TEXT, "customer_id": _TEXT, "customer_name": _TEXT,
            "status": {"enum": ["bot", "waiting", "active", "pending", "snoozed", "done"]},
            "assignee_id": _MAYBE_TEXT, "queue": _MAYBE_TEXT, "epoch": _NUMBER,
            "free_reply_until": _MAYBE_TEXT, "last_seq": _NUMBER, "unseen_count": _NUMBER,
            "waiting_since": _MAYBE_TEXT, "last_message": {"type": ["object", "null"]},
            "updated_at": _TEXT, "version": _NUMBER,
        }
    ),
    "message": _object(
        {
            "id": _TEXT, "conversation_id": _TEXT, "seq": _NUMBER,
            "sender": {"enum": ["customer", "bot", "operator", "system"]},
            "operator_id": _MAYBE_TEXT, "kind": _TEXT, "content": {"type": "object"},
            "text": _MAYBE_TEXT, "delivery": _MAYBE_TEXT, "cost": _MAYBE_TEXT, "at": _TEXT,
        }
    ),
    "note": _object(
        {"id": _TEXT, "client_note_id": _TEXT, "text": _TEXT, "operator_id": _TEXT, "at": _TEXT}
    ),
    "customer": _object(
        {
            "id": _TEXT, "name": _MAYBE_TEXT, "display_name": _MAYBE_TEXT,
            "owner_id": _MAYBE_TEXT, "fields": {"type": "object"}, "tags": {"type": "array"},
            "friends": {"type": "array"}, "version": _NUMBER,
        }
    ),
    "page": _object({"items": {"type": "array"}, "next": {"type": ["string", "integer", "null"]}}),
    "detail": _object(
        {
            "conversation": {"$ref": "#/components/schemas/conversation"},
            "customer": {"$ref": "#/components/schemas/customer"},
            "handoff": {"type": ["object", "null"]}, "run": {"type": ["object", "null"]},
            "at": {"type": "object"},
        }
    ),
    "counts": _object({"views": {"type": "object"}, "queues": {"type": "object"}}),
    "session": _object({"operator": {"type": "object"}, "csrf_token": _TEXT}),
    "house": _object(
        {"accounts": {"type": "array"}, "queues": {"type": "array"}, "tags": {"type": "array"},
         "fields": {"type": "array"}, "flows": {"type": "array"}, "timezone": _TEXT}
    ),
    "error": _object({"error": _object({"code": _TEXT, "message": _TEXT}, details={})}),
}  # fmt: skip


def document() -> dict[str, Any]:
    """The whole document, OpenAPI 3.1."""
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        path = "/api/v1" + _PART.sub(r"{\1}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = _operation(route)
    paths["/api/v1/session"]["post"] = _sign_in()
    paths["/api/v1/openapi.json"] = {
        "get": {
            "operationId": "openapi",
            "summary": "This document.",
            "responses": {"200": _answer("object")},
        }
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Madoguchi", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "madoguchi"}},
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    parts = [
        {"name": name, "in": "path", "required": True, "schema": _TEXT}
        for name in _PART.findall(route.path)
    ]
    query = [{"name": name, "in": "query", "schema": _TEXT} for name in route.query or ()]
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": (route.work.__doc__ or "").splitlines()[0],
        "description": f"Least role: {route.role}.",
        "parameters": [*parts, *query],
        "security": [{"session": []}],
        "responses": {"200": _answer(route.schema), "default": _answer("error")},
    }
    if route.body is not None:
        operation["requestBody"] = _request(route.body)
    return operation


def _sign_in() -> dict[str, Any]:
    return {
        "operationId": "sign_in",
        "summary": "Sign in; the answer sets the session's cookie.",
        "requestBody": _request(bodies.SignIn),
        "responses": {"200": _answer("session"), "default": _answer("error")},
    }


def _request(body: type[bodies.Body]) -> dict[str, Any]:
    schema = body.model_json_schema(ref_template="#/components/schemas/{model}")
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _answer(schema: str) -> dict[str, Any]:
    if schema == "none":
        return {"description": "Nothing."}
    reference = {"$ref": f"#/components/schemas/{schema}"}
    return {
        "description": schema,
        "content": {"application/json": {"schema": reference}},
    }
