"""Every table at once: importing this module registers them all."""

from sqlmodel import SQLModel

import storage.models.audit
import storage.models.broadcast_requests
import storage.models.broadcasts
import storage.models.desk
import storage.models.drafting
import storage.models.flows
import storage.models.forms
import storage.models.notices
import storage.models.operators
import storage.models.people
import storage.models.preferences
import storage.models.replies
import storage.models.reports
import storage.models.search
import storage.models.talks
import storage.models.uploads
import storage.models.views
import storage.models.work  # noqa: F401 # imported for the tables that they register

METADATA = SQLModel.metadata
