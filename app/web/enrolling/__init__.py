"""Assessments of an engagement: created, archived, taken in from and given out as case files."""
