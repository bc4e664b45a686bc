"""The first text of a new framework and of its questionnaire: commented, complete, without a fault."""
