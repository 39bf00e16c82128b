"""Journeys in a real Chromium, against the real service, Rasa and PostgreSQL."""
