"""The pages of the advisors."""
