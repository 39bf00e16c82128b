"""Editing the FAQ: drafts, review by another person, publication, and the index that follows at once."""
