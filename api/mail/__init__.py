"""E-mails about requests: queued with what causes them, sent by a worker."""
