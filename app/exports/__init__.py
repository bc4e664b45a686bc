"""Results as files that others edit or read."""
