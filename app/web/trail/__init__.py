"""Web: who did what, when, to which thing."""
