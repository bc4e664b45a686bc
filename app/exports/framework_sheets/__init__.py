"""A framework as a workbook for people who will not write YAML: out, and back in as cells with their places."""
