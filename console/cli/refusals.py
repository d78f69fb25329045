"""Why a command cannot do what it was asked, in words that say what to do."""

import errno

from sqlalchemy.exc import OperationalError

from console.cli.flow_folders import NoFolder
from console.cli.words import tell
from flows.language.sayings.saying import Language


class CannotRun(Exception):
    """A command cannot do what it was asked, with what to do instead."""


def explain(error: Exception, language: Language = "ja") -> str:
    """One or two plain sentences for what went wrong."""
    match error:
        case NoFolder():
            return tell(language, "no_folder", path=error.path)
        case OperationalError():
            cause = str(error.orig or error).strip().partition("\n")[0]
            return f"the database cannot be used: {cause}. Check MADOGUCHI_DATABASE_URL."
        case OSError(errno=errno.EADDRINUSE):
            return "another process uses this port. Stop it first, or choose another with --port."
        case OSError(filename=str(name), strerror=str(cause)):
            return f"{name}: {cause}. Check that it is there, and that this user may use it."
    return str(error)
