"""Managers' files as rows for a form: what stands there, where it is used, what is wrong."""
