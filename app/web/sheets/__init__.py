"""Interviews on paper and in workbooks: guides are printed, sheets go out and come back."""
