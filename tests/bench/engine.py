"""The pure engine: turns per second through a flow of 40 steps, the time to compile, and memory.

    .venv/bin/python -m tests.bench.engine

One core, no database: the walk alone, as the tests of talks do it. Seconds are of the processor,
so that what else the machine does counts little.
"""

import gc
import resource
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from console.cli.flow_folders import COLLECTED_AFTER
from flows.language.book import Book, Bundle, book_of, build, compile_bundle
from flows.language.checker import check
from flows.language.events import Said
from flows.language.loader import load_files
from flows.language.routing import take
from flows.language.run import Run
from flows.language.words import Context, Facts

QUESTIONS = 18
ROUNDS = 60
VERSIONS = 1000
FOLDER_FLOWS = 200
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
QUESTION = """\
  - ask: "{{{{name | default:お客様}}}}さん、{n}番はどちらですか?"
    id: q{n}
    choices: [はい: {{count: yes}}, いいえ, わからない]
    timeout: {{after: 3d, goto: fin}}
  - if: {{answer.q{n}: はい}}
    then: {{tag: 興味{n}}}
"""


def a_flow(number: int = 0) -> str:
    """Forty steps: 18 questions, each with a decision after it, a beginning and an end."""
    questions = "".join(QUESTION.format(n=n) for n in range(QUESTIONS))
    return (
        f"flow: f{number}\ntitle: 長いアンケート\nstart: [{{keyword: 始め{number}}}]\n"
        "vars: {yes: 0}\ncancel_words: [やめる]\nsteps:\n"
        "  - say: 始めます\n  - tag: 回答中\n" + questions + "  - say: '{{var.yes}}点です'\n"
        "  - end: done\n    id: fin\n"
    )


def walk_through(book: Book, facts: Facts) -> int:
    """One friend from the first word to the end; how many turns that took."""
    runs: tuple[Run, ...] = ()
    for number, text in enumerate(["始め0", *["はい", "いいえ"] * (QUESTIONS // 2)]):
        context = Context(NOW, f"{number:x}", facts=facts)
        runs = take(book, runs, Said(text), context).runs
    assert runs[0].end == "done"
    return QUESTIONS + 1


def per_second(work: Callable[[], int]) -> float:
    """How much is done in a second, the best of three tries."""
    best = 0.0
    for _ in range(3):
        start, done = time.process_time(), 0
        for _ in range(ROUNDS):
            done += work()
        best = max(best, done / (time.process_time() - start))
    return best


def main() -> None:
    """Measure and print."""
    folder = load_files({"f0.yaml": a_flow().encode()})
    (bundle,) = build(folder).flows
    book, facts = book_of(folder), Facts("花子")
    walk_through(book, facts)
    print(f"steps of the flow        {len(folder.flows['f0'].steps)}")
    print(f"turns per second         {per_second(lambda: walk_through(book, facts)):,.0f}")
    print(f"compiled in ms           {1000 / per_second(lambda: _compiled(bundle)):.2f}")
    print(f"checked in s             {_checked_in():.2f}  ({FOLDER_FLOWS} flows, read and checked)")
    print(f"the command in s         {_command_in():.2f}  (the same, with its start and its end)")
    print(f"checked again in s       {_checked_again_in():.2f}  (one letter later, in the console)")
    print(f"MB of {VERSIONS} versions      {_memory(bundle):.0f}")


def _compiled(bundle: Bundle) -> int:
    compile_bundle(bundle.tree, bundle.hash)
    return 1


def _checked_in() -> float:
    """Seconds of the processor for files that nobody has read before, collected as the command
    collects."""
    files, usual = (
        {f"new_{name}": content for name, content in _files().items()},
        gc.get_threshold(),
    )
    gc.set_threshold(COLLECTED_AFTER)
    start = time.process_time()
    check(load_files(files))
    spent = time.process_time() - start
    gc.set_threshold(*usual)
    return spent


def _command_in() -> float:
    """Seconds of the processor that `madoguchi flows check` takes, from its start to its end."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in _files().items():
            Path(folder, name).write_bytes(content)
        command = [sys.executable, "-m", "console", "flows", "check", "--format", "json", folder]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _checked_again_in() -> float:
    files = _files()
    load_files(files)
    files["f0.yaml"] = files["f0.yaml"].replace("始めます".encode(), "始めます。".encode())
    start = time.process_time()
    check(load_files(files))
    return time.process_time() - start


def _files() -> dict[str, bytes]:
    return {f"f{n}.yaml": a_flow(n).encode() for n in range(FOLDER_FLOWS)}


def _memory(bundle: Bundle) -> float:
    gc.collect()
    tracemalloc.start()
    kept = [compile_bundle(bundle.tree, f"{n}") for n in range(VERSIONS // 10)]
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return used / len(kept) * VERSIONS / 1e6


if __name__ == "__main__":
    main()
