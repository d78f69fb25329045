"""Which transitions of a flow its talks take: states seen one after the other, by machine edges."""

from collections.abc import Iterator
from contextlib import contextmanager

from flows.language import compiler
from flows.language.compiler import Compiled, Edge


@contextmanager
def taken() -> Iterator[set[tuple[str, Edge]]]:
    """Every move that is made meanwhile: the flow's id, and the machine's edge."""
    seen: set[tuple[str, Edge]] = set()
    move = Compiled.move

    def watched(self: Compiled, state: str, trigger: str, way: str) -> str | None:
        dest = move(self, state, trigger, way)
        if dest is not None:
            seen.add((self.flow.id.text, (state, trigger, way, dest)))
        return dest

    compiler.Compiled.move = watched  # type: ignore[method-assign] # only while the talks are run
    try:
        yield seen
    finally:
        compiler.Compiled.move = move  # type: ignore[method-assign] # as above
