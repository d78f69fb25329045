"""What the shapes of answers are made of."""

from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
NUMBER: Schema = {"type": "integer"}
MAYBE_NUMBER: Schema = {"type": ["integer", "null"]}
YES_NO: Schema = {"type": "boolean"}
TABLE: Schema = {"type": "object"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
MAYBE_MOMENT: Schema = {"type": ["string", "null"], "format": "date-time"}
TEXTS: Schema = {"type": "array", "items": TEXT}
COUNTS: Schema = {"type": "object", "additionalProperties": NUMBER}


def table(*left_out: str, **properties: Schema) -> Schema:
    """A table of exactly these keys. left_out: those that may be missing."""
    required = [name for name in properties if name not in left_out]
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def a(name: str) -> Schema:
    """One of the shapes, by its name."""
    return {"$ref": f"#/components/schemas/{name}"}


def or_null(schema: Schema) -> Schema:
    """Or nothing."""
    return {"anyOf": [schema, {"type": "null"}]}


def list_of(schema: Schema) -> Schema:
    """Any number of them."""
    return {"type": "array", "items": schema}


def page(of: str) -> Schema:
    """One page; `next` is the cursor of the page after it, `at` where the streams were."""
    following: Schema = {"type": ["string", "integer", "null"]}
    return table("at", items=list_of(a(of)), next=following, at=COUNTS)
