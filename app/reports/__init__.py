"""Jinja and WeasyPrint: a document on paper. No network, no files but its own assets."""
