"""One module per kind of section: figures in, worded section out; None where there is nothing to show."""
