"""How Alembic reaches the database: by the URL that `storage.migrate` hands it."""

from alembic import context
from sqlalchemy import create_engine, event

from storage.models.tables import METADATA

url = context.config.attributes["url"]
engine = create_engine(url)

if engine.dialect.name == "sqlite":

    @event.listens_for(engine, "connect")
    def begin_by_hand(connection, _record):  # type: ignore[no-untyped-def] # Alembic loads this file
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def begin(connection):  # type: ignore[no-untyped-def]
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # so that a failed migration leaves nothing


with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_as_batch=engine.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
