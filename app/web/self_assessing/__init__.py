"""The consultants' side of self-assessments: links, how far they are, and how they differ from the interviews."""
