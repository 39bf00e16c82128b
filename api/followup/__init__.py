"""The follow-up page of a request, opened by its secret link."""
