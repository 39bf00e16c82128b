"""The decision on one message, over HTTP."""
