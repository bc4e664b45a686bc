"""The rounds of an engagement."""
