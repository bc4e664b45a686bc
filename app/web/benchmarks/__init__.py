"""Benchmarks: what is known of other carriers, and from whom."""
