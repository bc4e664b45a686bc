"""Translating content: Chinese beside English, what is missing or behind, English edited in place."""
