"""Search over units, elements and findings."""
