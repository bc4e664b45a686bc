"""The pages about reports."""
