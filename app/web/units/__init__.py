"""The unit tree of an engagement."""
