"""LINE's own OpenAPI files as a second opinion on every request, where they are at hand.

They are not shipped, and jsonschema is not needed to run the product: without a folder nothing is
imported, and a folder without the library, or without the file, is refused at the start.
"""

from collections.abc import Mapping
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from bot.simulator.lengths import Detail

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

FILE = "messaging-api.yml"
URI = "urn:line"
MOST_DETAILS = 10
Tree = dict[str, Any]


class NoOracle(Exception):
    """LINE's OpenAPI files were asked for and cannot be used."""


class Oracle:
    """Says what in a request LINE does not describe."""

    def __init__(self, validators: Mapping[tuple[str, str], "Draft202012Validator"]) -> None:
        self._validators = validators

    def find_errors(self, method: str, path: str, body: Any) -> list[Detail]:
        """What is wrong with a body; a request that the files do not know has no errors."""
        validator = self._validators.get((method.lower(), path))
        if validator is None:
            return []
        errors = sorted(validator.iter_errors(body), key=lambda error: error.json_path)
        return [
            {"message": error.message[:200], "property": error.json_path.removeprefix("$.")}
            for error in errors[:MOST_DETAILS]
        ]


@lru_cache(maxsize=2)
def read_oracle(folder: Path) -> Oracle:
    """The oracle of a folder with LINE's files. Raises NoOracle."""
    path = folder / FILE
    if not path.is_file():
        raise NoOracle(f"LINE's OpenAPI files are to be in {folder}, but there is no {FILE}")
    try:
        # Tests need it and the product does not, so it may be absent.
        from jsonschema import Draft202012Validator  # noqa: PLC0415
        from referencing import Registry, Resource  # noqa: PLC0415
        from referencing.jsonschema import DRAFT202012  # noqa: PLC0415
    except ImportError as error:
        raise NoOracle(
            f"LINE's OpenAPI files are in {folder}, but jsonschema is not installed "
            "(pip install 'madoguchi[dev]')"
        ) from error
    tree = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)  # safe
    resource = Resource.from_contents(follow_kinds(tree), default_specification=DRAFT202012)
    registry = Registry().with_resource(URI, resource)
    return Oracle(
        {
            key: Draft202012Validator({"$ref": f"{URI}{name}"}, registry=registry)
            for key, name in _bodies(tree).items()
        }
    )


def follow_kinds(tree: Tree) -> Tree:
    """The document, in which a family (Message, Action, …) is checked by the kind of its value.

    JSON Schema knows no discriminator: the family's own schema moves to `<name>.family`, where its
    kinds still find it, and in its place stands the choice by `type`.
    """
    made = deepcopy(tree)
    schemas: Tree = made["components"]["schemas"]
    families = {
        name: schema["discriminator"]
        for name, schema in schemas.items()
        if "mapping" in schema.get("discriminator", {})
    }
    for schema in schemas.values():
        for part in schema.get("allOf", []):
            if part.get("$ref", "").rpartition("/")[2] in families:
                part["$ref"] += ".family"
    for name, discriminator in families.items():
        schemas[f"{name}.family"] = schemas[name]
        schemas[name] = _choice(discriminator["propertyName"], discriminator["mapping"])
    return made


def _choice(key: str, mapping: Mapping[str, str]) -> Tree:
    """A value is of one of the kinds, and then all that its kind asks for."""
    kinds = [
        {"if": {"properties": {key: {"const": kind}}}, "then": {"$ref": reference}}
        for kind, reference in mapping.items()
    ]
    known = {"enum": list(mapping)}
    return {"type": "object", "required": [key], "properties": {key: known}, "allOf": kinds}


def _bodies(tree: Tree) -> dict[tuple[str, str], str]:
    """The schema of each request's JSON body, by method and path."""
    found = {}
    for path, methods in tree["paths"].items():
        for method, operation in methods.items():
            if not isinstance(operation, dict):  # what all methods of a path share
                continue
            content = operation.get("requestBody", {}).get("content", {})
            reference = content.get("application/json", {}).get("schema", {}).get("$ref")
            if reference is not None:
                found[method, path] = reference
    return found
