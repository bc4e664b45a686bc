"""Agreeing scores in a workshop: what respondents said, where they differ, and the score that a team settles on."""
