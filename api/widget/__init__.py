"""The pages of learners: the assistant and the request form."""
