"""Speed and memory on this machine, in one run: `make bench`. What each line means: docs/mesures.md."""
