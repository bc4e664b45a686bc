"""Charts drawn as SVG for paper: one module per chart, on a canvas of lines, marks and searchable text."""
