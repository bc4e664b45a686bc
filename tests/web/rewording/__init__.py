"""The page where a report's sentences are worded anew."""
