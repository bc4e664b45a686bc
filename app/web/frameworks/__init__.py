"""Frameworks: tree, weights, definitions, level texts, scale, source, versions."""
