"""One-shot requests: a mail, a web form, what an agent notes on the phone."""
