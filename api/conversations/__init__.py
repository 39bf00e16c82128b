"""Conversations of learners: opening, messages in and out, history."""
