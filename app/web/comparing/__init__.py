"""Units and carriers side by side, the selection in the address."""
