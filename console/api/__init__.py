"""The JSON API, a file for each subject; `routes` is the whole of it as a table."""
