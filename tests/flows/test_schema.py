"""The schema for editors says what the loader says, on every fixture and in every key."""

import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from flows.language.grammar.asks import ASK
from flows.language.loader import load_files
from flows.language.nodes import compose, to_json
from flows.language.problems import Problems
from flows.language.schema.documents import schema
from tests.commands import typed
from tests.flows.card_mistakes import CARD_MISTAKES
from tests.flows.mistakes import END, HEAD, MISTAKES, PLACED
from tests.flows.talks import TALKS
from tests.flows.test_salon import EXAMPLES, FLOWS, place_of, shipped
from tests.flows.test_shapes import FILES, STEPS

SCHEMA = schema()
VALIDATOR = Draft7Validator(SCHEMA)
OF_SHAPE = frozenset({"F001", "F002", "F003", "F009", "F010"})
"""Codes of what a schema can see: keys, kinds of values, what is missing."""

UNREADABLE = frozenset({"F004", "F005", "F006", "F007", "F008"})
BEYOND = {
    "a pattern that cannot be read",  # only RE2 knows
    "an else that is not the last",  # draft-07 cannot speak of the last
    "a zone that is unknown",  # only the machine's list knows
    "a day twice",  # tue-fri and wed are different keys
}
"""What a schema cannot see."""


def is_accepted(tree: Any) -> bool:
    return bool(VALIDATOR.is_valid(tree))


def as_loaded(content: bytes) -> Any | None:
    """Every scalar a text, as the loader has it; None for what is no YAML."""
    node = compose(content.decode(), "f.yaml", Problems())
    return to_json(node) if node is not None else None


def as_edited(content: bytes) -> Any:
    """Numbers and booleans, as an editor has it (YAML 1.2)."""
    return _keys_as_texts(yaml.load(content, Loader=_Editor))  # noqa: S506 # a SafeLoader


def _views(content: bytes) -> list[Any]:
    loaded, edited = as_loaded(content), as_edited(content)
    return [loaded] if loaded == edited else [loaded, edited]


def _keys_as_texts(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {str(key): _keys_as_texts(value) for key, value in tree.items()}
    return [_keys_as_texts(item) for item in tree] if isinstance(tree, list) else tree


class _Editor(yaml.CSafeLoader):
    pass


_Editor.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", "-+0123456789."),
    ("null", r"~|null|Null|NULL|", "~nN\0"),
):
    _Editor.add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), [*_first, ""]
    )


def codes_of_loading(name: str, content: bytes) -> set[str]:
    """What the loader finds in one file by itself."""
    return {p.code for p in load_files({name: content}).loading_problems() if p.severity == "E"}


def fixtures() -> Iterator[tuple[str, str, str]]:
    """Every file of every test of the language: a label, its name, its content."""
    yield from ((f"shipped {name}", name, content.decode()) for name, content in shipped().items())
    yield from ((f"guide {place_of(example)}", place_of(example), example) for example in EXAMPLES)
    for label, (files, script) in TALKS.items():
        yield from ((f"{label} {name}", name, text) for name, text in files.items())
        talk = textwrap.indent(script, "      ")
        yield label, "tests/t.yaml", f"test: f\ncases:\n  - name: t\n    talk:\n{talk}"
    for code, line, *both in MISTAKES:
        yield from ((f"{code}:{line} {text}", "f.yaml", text) for text in both)
    for code, place, *both in [*PLACED, *CARD_MISTAKES]:
        for files in both:
            named = files if isinstance(files, Mapping) else {"f.yaml": HEAD + files + END}
            yield from ((f"{code} {place} {name}", name, text) for name, text in named.items())
    yield from ((str(each.id), "f.yaml", HEAD + str(each.values[2]) + END) for each in STEPS)
    yield from ((str(each.id), str(each.values[2]), str(each.values[3])) for each in FILES)


def readable() -> list[tuple[str, str, bytes]]:
    """Those that are YAML as we want it, each content once."""
    once = {(name, text): label for label, name, text in fixtures()}
    return [
        (label, name, text.encode())
        for (name, text), label in once.items()
        if not name.startswith("menus/")
        and as_loaded(text.encode()) is not None
        and not codes_of_loading(name, text.encode()) & UNREADABLE
    ]


READABLE = readable()


def test_the_schema_is_a_schema_of_draft_07() -> None:
    Draft7Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"


def test_what_the_loader_takes_the_schema_takes() -> None:
    refused = [
        (label, [e.message[:200] for e in VALIDATOR.iter_errors(tree)][:3])
        for label, name, content in READABLE
        if not codes_of_loading(name, content)
        for tree in _views(content)
        if not is_accepted(tree)
    ]

    assert refused == []


@pytest.mark.parametrize("file", sorted(file for file in shipped() if "menus" not in file))
def test_each_shipped_file_fits_the_schema_of_its_kind_and_of_no_other(
    file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = typed("flows", "schema", str(FLOWS / file))
    own = Draft7Validator(json.loads(capsys.readouterr().out))
    tree = as_loaded(shipped()[file])
    other = "links.yaml" if file != "links.yaml" else "tags.yaml"

    assert status == 0
    assert own.is_valid(tree)
    assert not own.is_valid(as_loaded(shipped()[other]))


def test_what_the_loader_refuses_for_its_shape_the_schema_refuses() -> None:
    taken = [
        (label, sorted(codes_of_loading(name, content)))
        for label, name, content in READABLE
        if codes_of_loading(name, content) & OF_SHAPE
        and is_accepted(as_loaded(content))
        and is_accepted(as_edited(content))
    ]

    assert {label for label, _ in taken} == BEYOND


def test_every_key_is_explained_in_japanese() -> None:
    explained = list(_explained(SCHEMA))

    assert len(explained) > 200
    assert all(re.search(r"[ぁ-んァ-ヶ一-龠]", text) for _, text in explained)
    assert {"retry_say", "send_window", "wait_for", "repeat", "weekly", "expect"} <= {
        key for key, _ in explained
    }


def test_an_editor_is_told_what_goes_with_each_type() -> None:
    def flow(question: str) -> Any:
        return as_loaded(
            f"flow: f\ntitle: f\nsteps:\n  - ask: a\n    id: a\n{question}  - end: done\n".encode()
        )

    assert is_accepted(flow("    type: number\n    range: [1, 2]\n"))
    assert not is_accepted(flow("    type: date\n    range: [1, 2]\n"))
    assert is_accepted(flow("    pattern: a+\n"))
    assert not is_accepted(flow("    choices: [a]\n    pattern: a+\n"))
    assert not is_accepted(flow("    type: multi\n"))
    assert not is_accepted(flow("    type: multi\n    choices: [{a: {goto: b}}]\n"))
    assert not is_accepted(flow("    choices: [a]\n    other: {}\n    any_answer: {}\n"))
    assert not is_accepted(flow("    choises: [a]\n"))


def test_each_key_of_a_question_can_be_completed() -> None:
    assert set(ASK) <= set(SCHEMA["definitions"]["step_ask"]["properties"])


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("flows", "schema") == 0
    assert json.loads(capsys.readouterr().out) == SCHEMA


def _explained(node: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        if "markdownDescription" in node:
            yield key, node["markdownDescription"]
        for name, inner in node.items():
            yield from _explained(inner, name)
    elif isinstance(node, list):
        for inner in node:
            yield from _explained(inner, key)
