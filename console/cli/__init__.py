"""The command `madoguchi`: the one place that may know every room."""
