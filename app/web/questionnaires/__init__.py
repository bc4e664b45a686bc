"""Questionnaires: read, tried out, and revised by forms in a draft."""
