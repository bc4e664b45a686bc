"""Members of an engagement, for its leads."""
