"""Who may open what, tried on every route of the application."""
