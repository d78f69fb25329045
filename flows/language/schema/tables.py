"""A table of keys as a JSON Schema: each key with its value and what an editor says of it."""

from collections.abc import Mapping, Sequence

from flows.language.grammar.primitives import Reader
from flows.language.schema.hovers import HOVERS
from flows.language.schema.values import Schema, value_of


def table(
    of: str,
    readers: Mapping[str, Reader],
    own: Mapping[str, Schema] | None = None,
    *,
    required: Sequence[str] = (),
) -> Schema:
    """An object with these keys alone.

    of: where the keys stand, for what is said of them (`ask.done` is not `handoff.done`).
    own: the values of keys whose reader does not tell. Raises KeyError for one that nobody tells.
    """
    properties = {
        key: described(of, key, _value(key, reader, own or {})) for key, reader in readers.items()
    }
    schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**schema, "required": list(required)} if required else schema


def described(of: str, key: str, schema: Schema) -> Schema:
    """The value with its explanation; beside a `$ref` draft-07 hears nothing, so it is wrapped."""
    text = HOVERS.get(f"{of}.{key}") or HOVERS[key]
    plain = {"allOf": [schema]} if "$ref" in schema else schema
    return {"description": text.replace("`", ""), "markdownDescription": text, **plain}


def _value(key: str, reader: Reader, own: Mapping[str, Schema]) -> Schema:
    if key in own:
        return own[key]
    found = value_of(reader)
    if found is None:
        raise KeyError(f"the schema does not know what {key} accepts")
    return found
