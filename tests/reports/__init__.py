"""Paper: the printed report, read back."""
