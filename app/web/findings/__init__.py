"""Findings and evidence: what was found out about each element, who said so, and the files that show it."""
