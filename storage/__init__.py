"""The memory that both rooms share: tables, one transaction per verb, and the journal."""
