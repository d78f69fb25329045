"""What the product's own source never does; read as a tree, so that no spelling hides it."""

import ast
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).parent.parent.parent
FILES = [
    path
    for room in ("bot", "console", "flows", "storage")
    for path in (HOUSE / room).rglob("*.py")
    if "node_modules" not in path.parts
]
SECRET = ("token", "secret", "signature", "csrf", "password", "mark", "digest", "_key")
NEVER_IMPORTED = {"pickle", "marshal", "shelve", "dill", "lxml", "telnetlib"}
BUILTINS = {"eval", "exec", "compile"}
NEVER_CALLED = {"render_template_string", "from_string", "system", "popen"}
REDIRECTS = {"bot/forms.py"}  # to the page's own signed address


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in FILES:
        yield str(path.relative_to(HOUSE)), ast.parse(path.read_text())


def name_of(node: ast.AST) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def test_nothing_is_unpickled_evaluated_or_made_into_a_template() -> None:
    found = []
    for file, tree in trees():
        for node in ast.walk(tree):
            match node:
                case ast.Import(names=names):
                    modules = [one.name.partition(".")[0] for one in names]
                case ast.ImportFrom(module=str(module)):
                    modules = [module.partition(".")[0]]
                case _:
                    modules = []
            called = name_of(node.func) if isinstance(node, ast.Call) else ""
            is_builtin = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if NEVER_IMPORTED & set(modules) or called in NEVER_CALLED:
                found.append(f"{file}:{getattr(node, 'lineno', 0)}")
            if is_builtin and called in BUILTINS:
                found.append(f"{file}:{getattr(node, 'lineno', 0)}")
    assert found == []


def test_yaml_is_only_composed_never_loaded() -> None:
    loads = [
        f"{file}:{node.lineno} {name_of(node.func)}"
        for file, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and name_of(node.func.value) == "yaml"
        and node.func.attr.endswith(("load", "load_all"))
    ]
    # LINE's own description of its API, with the safe loader, and in the simulator alone.
    assert [one for one in loads if not one.startswith("bot/simulator/openapi.py")] == []


def test_sql_has_no_text_that_was_put_together() -> None:
    """`text(…)` takes a text that stands in the source, or a name of one; values are bound."""
    built = [
        f"{file}:{node.lineno}"
        for file, tree in trees()
        if "migrations" not in file
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and name_of(node.func) in {"text", "exec_driver_sql", "execute"}
        and node.args
        and isinstance(node.args[0], ast.JoinedStr | ast.BinOp)
    ]
    # Names of pragmas and of settings, and a count: of ours, nobody types them.
    assert {one.partition(":")[0] for one in built} == {
        "console/cli/doctor/database.py",
        "storage/postgres_connections.py",
        "storage/snapshots.py",
        "storage/unit.py",
    }


def test_secrets_are_compared_in_constant_time() -> None:
    compared = [
        f"{file}:{node.lineno} {ast.unparse(node)}"
        for file, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        and any(isinstance(op, ast.Eq | ast.NotEq) for op in node.ops)
        and any(
            name_of(side).lower().endswith(SECRET) and not isinstance(side, ast.Constant)
            for side in (node.left, *node.comparators)
        )
        and not any(isinstance(side, ast.Constant) for side in (node.left, *node.comparators))
    ]
    # These look rows up in the database, or are no secret of anybody.
    assert [one for one in compared if "col(" not in one and not _is_harmless(one)] == []


def _is_harmless(line: str) -> bool:
    return line.startswith(("flows/", "bot/simulator/")) or "retry_key" in line


def test_redirects_stay_at_the_page_that_asked() -> None:
    redirecting = {
        file
        for file, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and name_of(node.func) == "redirect"
    }
    assert redirecting == REDIRECTS
