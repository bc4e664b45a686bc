"""The interview on paper and in sheets: what is asked and what was answered, worded in one language or two."""
