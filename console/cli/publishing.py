"""From the managers' folder into the database."""

from datetime import datetime

from flows.language.book import build
from flows.language.loader import Folder
from storage.flow_versions import NewVersion, publish
from storage.unit import Store


def publish_folder(store: Store, folder: Folder, note: str | None, now: datetime) -> list[str]:
    """Publish a folder without problems of severity E; the flows that changed."""
    published = build(folder)
    bundles = (*published.flows, published.house)
    versions = [NewVersion(b.flow_id, b.hash, b.title, b.tree) for b in bundles]
    return store.write(lambda db: publish(db, versions, note, now))
