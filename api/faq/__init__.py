"""Looking an answer up."""
