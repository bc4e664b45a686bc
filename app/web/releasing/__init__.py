"""Web: releasing results of assessments, and correcting them."""
