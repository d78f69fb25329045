"""Why a command cannot do what it was asked, in words that say what to do."""

import errno

from sqlalchemy.exc import DBAPIError, OperationalError

from console.cli.flow_folders import NoFolder
from console.cli.words import tell
from flows.language.sayings.saying import Language
from storage.snapshots import is_damage


class CannotRun(Exception):
    """A command cannot do what it was asked, with what to do instead."""


def explain(error: Exception, language: Language = "ja") -> str:
    """One or two plain sentences for what went wrong."""
    match error:
        case NoFolder():
            return tell(language, "no_folder", path=error.path)
        case _ if tells_damage(error):
            return tell(language, "database.damaged", why=str(cause_of(error)))
        case OperationalError():
            cause = str(error.orig or error).strip().partition("\n")[0]
            return f"the database cannot be used: {cause}. Check MADOGUCHI_DATABASE_URL."
        case OSError(errno=errno.EADDRINUSE):
            return "another process uses this port. Stop it first, or choose another with --port."
        case OSError(filename=str(name), strerror=str(cause)):
            return f"{name}: {cause}. Check that it is there, and that this user may use it."
    return str(error)


def tells_damage(error: Exception) -> bool:
    """Whether SQLite finds its file broken."""
    return is_damage(cause_of(error))


def cause_of(error: Exception) -> BaseException | None:
    """What the driver said, where SQLAlchemy hands it on."""
    return error.orig if isinstance(error, DBAPIError) else error
