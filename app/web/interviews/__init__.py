"""Interviews on the web: start, hub, one element at a time, plain tables, and the interface that saves answers."""
