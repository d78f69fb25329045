"""One word for each thing: no refused synonym in the name of a table, a column or a class."""

import re
from importlib import import_module
from pkgutil import walk_packages

import pytest
from sqlmodel import SQLModel

import storage
from storage.models.tables import METADATA

REFUSED = {
    *("channel", "bot", "tenant", "user", "contact", "member", "follower", "agent", "staff"),
    *("team", "group", "department", "chat", "thread", "ticket", "escalation", "transfer"),
    *("close", "finish", "comment", "template", "macro", "canned", "scenario", "node", "block"),
    *("branch", "session", "variable", "attribute", "label", "audience", "campaign", "job"),
    *("task", "log", "error"),
}
# What LINE's own API calls its things, and what is another thing than the word means there.
ALLOWED = {
    "line_user_id": "LINE's name of the id",
    "line_user_ids": "LINE's name of the ids",
    "bot_user_id": "LINE's name of the id",
    "operator_session": "a signed-in browser, as the plan names it",
    "OperatorSession": "a signed-in browser, as the plan names it",
    "queue_member": "a queue's membership, as the plan names it",
    "QueueMember": "a queue's membership, as the plan names it",
    "is_blocked": "what the friend did to the account",
    "FriendHasBlocked": "what the friend did to the account",
    "bot": "how many the bot sent, in a report: what senders are called",
    "staff": "how many people at the counter sent, in a report",
    "ProfileJob": "work beside the talk, no operator's to-do",
    "MediaJob": "work beside the talk, no operator's to-do",
}


def names() -> set[str]:
    found = set(METADATA.tables) | {c.name for t in METADATA.tables.values() for c in t.columns}
    for module in walk_packages(storage.__path__, "storage."):
        if ".migrations" in module.name:
            continue
        for name, thing in vars(import_module(module.name)).items():
            if isinstance(thing, type) and thing.__module__.startswith("storage"):
                found.add(name)
    return found


def words(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+", name)}


def test_no_name_of_ours_is_a_refused_word() -> None:
    found = names()

    assert {"conversation", "Conversation", "line_user_id"} <= found
    assert sorted(n for n in found if words(n) & REFUSED and n not in ALLOWED) == []
    assert ALLOWED.keys() <= found  # an exception that nobody needs goes


@pytest.mark.parametrize("name", ["chat_id", "UserGroup", "assigned_agent"])
def test_the_words_are_found_inside_names(name: str) -> None:
    assert words(name) & REFUSED


def test_every_model_says_what_it_is() -> None:
    for mapper in SQLModel._sa_registry.mappers:
        assert mapper.class_.__doc__
        assert not mapper.class_.__doc__.startswith(f"{mapper.class_.__name__}(")
