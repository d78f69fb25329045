"""Runs whose version cannot be read any more: set aside with a person, never dropped.

Such a run keeps its place. The first turn that meets it tells staff and asks for a person; once the
version can be read again, what it was asking is asked again. Resolved by a person, it is over.
"""

from flows.language.deeds import ask_staff, end_run
from flows.language.events import Event, Released
from flows.language.friend import Friend
from flows.language.parking import park
from flows.language.run import Frame, Run
from flows.language.sayings.saying import saying

SHOWN = 12  # of a hash


def set_aside(friend: Friend, event: Event) -> list[Run]:
    """Take the runs that cannot be walked out of the friend's, and bring back those that can."""
    is_resolved = isinstance(event, Released) and event.how == "resolved"
    aside = []
    for run in list(friend.runs):
        broken = next((f for f in run.frames if friend.book.find(f.hash) is None), None)
        if run.is_aside and is_resolved:
            end_run(friend.walk(run), "interrupted")
        elif broken is None:
            _bring_back(friend, run)
            continue
        elif not run.is_aside:
            _put_aside(friend, run, broken)
        aside.append(run)
        friend.runs.remove(run)
    return aside


def _put_aside(friend: Friend, run: Run, broken: Frame) -> None:
    run.is_aside = True
    about = saying("version_unreadable", flow=broken.flow, hash=broken.hash[:SHOWN])
    ask_staff(friend.walk(run), about)


def _bring_back(friend: Friend, run: Run) -> None:
    """Asked again once nothing else is; where staff have the talk, as if they had taken it."""
    if run.is_aside and run.has_question:
        park(friend, run)
        run.by_takeover = friend.turning.people != "free"
    run.is_aside = False
