"""The API's OpenAPI document, made from the table of routes and the bodies that it checks."""

import re
from typing import Any

from console import bodies
from console.api.routes import OPEN_ROUTES, ROUTES, Route
from console.api.schemas import SCHEMAS

_PART = re.compile(r"<(?:path:)?(\w+)>")
_FILES = frozenset({"file", "poster"})
_TEXT = {"type": "string"}
_TEXTS = {"type": "array", "items": _TEXT}  # the name again for each


def document() -> dict[str, Any]:
    """The whole document, OpenAPI 3.1."""
    paths: dict[str, dict[str, Any]] = {}
    for route in (*ROUTES, *OPEN_ROUTES):
        path = "/api/v1" + _PART.sub(r"{\1}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = _operation(route)
    paths["/api/v1/openapi.json"] = {
        "get": {
            "operationId": "openapi",
            "summary": "This document.",
            "responses": {"200": _answer("document")},
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
    lists = [{"name": name, "in": "query", "schema": _TEXTS} for name in route.lists]
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": (route.work.__doc__ or "").splitlines()[0],
        "description": _who(route),
        "parameters": [*parts, *query, *lists],
        "security": [] if route in OPEN_ROUTES else [{"session": []}],
        "responses": {
            **{str(status): _answer(route.schema) for status in route.statuses},
            "default": _answer("error"),
        },
    }
    if route.body is not None:
        operation["requestBody"] = _request(route.body)
    if route.form is not None:
        operation["requestBody"] = _form(route.form)
    return operation


def _form(fields: tuple[str, ...]) -> dict[str, Any]:
    file = {"type": "string", "format": "binary"}
    parts = {name: file if name in _FILES else _TEXT for name in fields}
    wanted = [name for name in fields if name != "poster"]
    schema = {"type": "object", "properties": parts, "required": wanted}
    return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}


def _who(route: Route) -> str:
    if route in OPEN_ROUTES:
        return "Nobody has to be signed in."
    proof = " Asks for the password again (prove_again)." if route.is_grave else ""
    return f"Least role: {route.role}.{proof}"


def _request(body: type[bodies.Body]) -> dict[str, Any]:
    schema = body.model_json_schema()
    whole = _inlined(schema, schema.pop("$defs", {}))
    return {"required": True, "content": {"application/json": {"schema": whole}}}


def _inlined(schema: Any, shapes: dict[str, Any]) -> Any:
    """A body's own shapes where they are used: a reference would point into this document."""
    if isinstance(schema, list):
        return [_inlined(inner, shapes) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _inlined(shapes[schema["$ref"].rpartition("/")[2]], shapes)
    return {key: _inlined(inner, shapes) for key, inner in schema.items() if key != "discriminator"}


def _answer(schema: str) -> dict[str, Any]:
    if schema == "none":
        return {"description": "Nothing."}
    reference = {"$ref": f"#/components/schemas/{schema}"}
    return {
        "description": schema,
        "content": {"application/json": {"schema": reference}},
    }
