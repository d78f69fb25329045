"""LINE's own OpenAPI files as an oracle: is this request one that LINE describes?"""

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.conftest import missing

ROOT = Path(__file__).parent.parent.parent
FOLDER = Path(os.environ.get("MADOGUCHI_LINE_OPENAPI") or ROOT.parent / "shared/line/openapi")
REQUESTS = {
    "/v2/bot/message/reply": "ReplyMessageRequest",
    "/v2/bot/message/push": "PushMessageRequest",
}
URI = "line:"


@lru_cache(maxsize=2)
def document(name: str) -> dict[str, Any]:
    """One of LINE's files; a test without it is skipped, or fails where it is required."""
    path = FOLDER / name
    if not path.exists():
        missing("openapi", f"{path} is not there; see MADOGUCHI_LINE_OPENAPI")
    tree: dict[str, Any] = yaml.safe_load(path.read_text())
    return tree


def check_request(path: str, body: Any) -> None:
    """Raise for a body that LINE does not describe."""
    check("messaging-api.yml", REQUESTS[path], body)
    for message in body["messages"]:
        check_by_kind("messaging-api.yml", "Message", message)
        for item in message.get("quickReply", {}).get("items", []):
            check_by_kind("messaging-api.yml", "Action", item["action"])
        if message["type"] == "template":
            check_by_kind("messaging-api.yml", "Template", message["template"])


def check_by_kind(file: str, base: str, value: Any) -> None:
    """A value of a family is checked against its own kind, by LINE's discriminator."""
    schema = document(file)["components"]["schemas"][base]
    kinds: dict[str, str] = schema["discriminator"]["mapping"]
    check(file, kinds[value["type"]].rpartition("/")[2], value)


def check(file: str, name: str, value: Any) -> None:
    """Raise jsonschema's ValidationError, also for keys that LINE does not know."""
    tree = document(file)
    resource = Resource.from_contents(tree, default_specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource(URI, resource)
    schema = {"$ref": f"{URI}#/components/schemas/{name}"}
    jsonschema.Draft202012Validator(schema, registry=registry).validate(value)
    unknown = set(value) - set(_properties(tree, name))
    assert not unknown, f"LINE's {name} has no {unknown}"


def _properties(tree: dict[str, Any], name: str) -> list[str]:
    schema = tree["components"]["schemas"][name]
    found = list(schema.get("properties", {}))
    for part in schema.get("allOf", []):
        inner = part.get("$ref", "").rpartition("/")[2]
        found += _properties(tree, inner) if inner else list(part.get("properties", {}))
    return found
