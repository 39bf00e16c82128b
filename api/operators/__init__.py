"""Staff accounts, log-in and roles."""
