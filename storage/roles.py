"""What a person at the console may be: each may what those before it may. Quick to import."""

ROLES = ("viewer", "operator", "supervisor", "manager")
