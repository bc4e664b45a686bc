"""Use cases that a user would name. They take session, library, clock as parameters, ask permission, act, flush."""
