"""The pages about interviews on paper and in workbooks."""
