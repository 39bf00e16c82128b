"""Is the service well: probes and measures."""
