"""The history of the tables, applied by `python -m api migrate` and at start."""
