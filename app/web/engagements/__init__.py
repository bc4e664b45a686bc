"""Engagements and the portfolio of their units."""
