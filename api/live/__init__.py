"""Live hand-over: from the assistant to a person, and back."""
