"""Drafts, publishing, versions: the pages around the editor."""
