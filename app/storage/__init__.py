"""The database: the only room that says select. Takes and returns values; no mapped object leaves it."""
