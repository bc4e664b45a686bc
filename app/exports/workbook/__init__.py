"""A report as a workbook: every table and chart of the document, and the arithmetic behind its scores as formulas."""

from app.exports.workbook.writing import write_workbook

__all__ = ["write_workbook"]
