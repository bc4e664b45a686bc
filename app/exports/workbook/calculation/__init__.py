"""The arithmetic of the report as formulas: from elements to the overall, for every unit and every method."""

from app.exports.workbook.calculation.writing import calculation_names, write_calculation

__all__ = ["calculation_names", "write_calculation"]
