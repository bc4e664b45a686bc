"""Values and pure functions of the field. Knows no file, database, request or chart; standard library only."""
