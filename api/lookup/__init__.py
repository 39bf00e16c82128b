"""The look-up page of the agents on the phone."""
