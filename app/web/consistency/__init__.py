"""Hints where assessments of one unit under several frameworks stand far apart, as pages show them."""
