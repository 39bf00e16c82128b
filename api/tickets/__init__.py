"""Requests that a person will answer: the reference, the routing, the list."""
