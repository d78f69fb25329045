"""The terminal side of `madoguchi flows try`: a prompt for people, plain lines in a pipe."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from console.cli.flow_folders import loaded
from console.cli.refusals import CannotRun
from console.settings import read_settings
from flows.language.book import book_of
from flows.language.folder_files import flows_folder_of
from flows.language.grammar.talk_files import Given
from flows.language.loader import Folder, load_folder
from flows.language.problems import Problem, did_you_mean
from flows.language.report import render_text
from flows.language.sayings.catalogue import say
from flows.language.sayings.saying import Language, saying
from flows.language.sound import sound_part
from flows.language.trying import Tryout

PROMPT = saying("try.prompt")


class NoSuchFlow(CannotRun):
    """There is no flow of this name."""

    def __init__(self, name: str, known: Iterable[str], language: Language) -> None:
        ids = tuple(sorted(known))
        hint = did_you_mean(name, ids) or saying("try.known", known=ids or saying("none"))
        super().__init__(say(saying("try.no_flow", name=name, hint=hint), language))


def tryout_of(flow: str | None, given: Given, language: Language) -> Tryout | str:
    """The talk that is asked for; a text with the problems of a flow that cannot be tried.

    flow: an id of the set folder, a file, or a folder. Raises NoSuchFlow.
    """
    path = _path_of(flow)
    folder, problems = loaded(path)
    file = path.resolve().relative_to(flows_folder_of(path.resolve())) if path.is_file() else None
    flow_id = _in_file(folder, file.as_posix()) if file is not None else None
    if file is None and flow is not None and not Path(flow).is_dir():
        flow_id = flow
    part = sound_part(folder, problems)
    if flow_id is None and file is None:
        return Tryout(book_of(part), given, language=language)
    if flow_id in part.flows:
        return Tryout(book_of(part), given, flow_id, language)
    broken = _problems_of(folder, problems, flow_id, file.as_posix() if file else "")
    if not broken:
        raise NoSuchFlow(flow or "", part.flows, language)
    return render_text(broken, folder.sources, language)


def talk(tryout: Tryout, lines: TextIO) -> int:
    """Until the talk is left, or nothing more is typed."""
    print(tryout.begin())
    for line in _typed(lines, say(PROMPT, tryout.language)):
        print(tryout.enter(line))
        if tryout.is_over:
            break
    return 0


def _typed(lines: TextIO, prompt: str) -> Iterator[str]:
    """What is typed; in a pipe each line is shown, so that the talk can be read afterwards."""
    if lines.isatty():
        import readline  # noqa: F401 # arrow keys and history at the prompt

        while True:
            try:
                yield input(prompt)
            except EOFError:
                return
    for line in lines:
        print(f"{prompt}{line.rstrip()}")
        yield line


def _path_of(flow: str | None) -> Path:
    """A path that is there, unless it is an id of the set folder, which may hold a `faq` too."""
    set_folder = read_settings().flows_dir
    if flow is None or (set_folder.is_dir() and flow in load_folder(set_folder).known_flows):
        return set_folder
    path = Path(flow)
    if path.exists() or "/" in flow or path.suffix:
        return path
    return set_folder


def _in_file(folder: Folder, file: str) -> str | None:
    return next((id_ for id_, flow in folder.flows.items() if flow.place.file == file), None)


def _problems_of(
    folder: Folder, problems: Sequence[Problem], flow_id: str | None, file: str
) -> list[Problem]:
    flow = folder.flows.get(flow_id) if flow_id is not None else None
    files = {file, flow.place.file if flow is not None else f"{flow_id}.yaml"}
    return [p for p in problems if p.severity == "E" and p.file in files]
