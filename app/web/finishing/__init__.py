"""Web: checking interviews and assessments, and handing them over."""
