"""Whether the process answers."""
