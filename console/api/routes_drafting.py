"""The API's lines for what staff write before it goes out."""

from console.api import quotas
from console.api.route import Route

DRAFTING_ROUTES = (
    Route("GET", "/quota", "viewer", quotas.list_quotas, schema="quota_page"),
)
