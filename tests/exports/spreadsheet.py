"""A small spreadsheet: works out the formulas of a workbook without any office program, as Excel would.

Knows what the calculation sheets use: operators, ranges of a column, names, and a dozen functions. Text in arithmetic
is an error, as in Excel; SUMPRODUCT takes the text of a range for 0, as Excel and LibreOffice do.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from fractions import Fraction
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

Value = Any  # a number, a text, a truth, None for an empty cell, or a list of them

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>\"(?:[^\"]|\"\")*\")"
    r"|(?P<ref>(?:'(?:[^']|'')+'!)?\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)(?![\w(])"
    r"|(?P<name>[A-Za-z_][\w.]*)|(?P<op><>|<=|>=|[-+*/^&=<>(),]))"
)


class Spreadsheet:
    """A workbook whose formulas are worked out when they are asked for."""

    def __init__(self, content: bytes) -> None:
        self.book = load_workbook(BytesIO(content))
        self.cached = load_workbook(BytesIO(content), data_only=True)
        self._known: dict[tuple[str, str], Value] = {}

    def formulas(self, sheet: str) -> list[str]:
        """Return the coordinates of a sheet's formulas."""
        return [cell.coordinate for row in self.book[sheet] for cell in row if cell.data_type == "f"]

    def put(self, sheet: str, place: str, value: Value) -> None:
        """Change a cell, as a client would."""
        self.book[sheet][place].value = value
        self._known.clear()

    def value(self, sheet: str, place: str) -> Value:
        """Return what a cell shows; "" for an empty text."""
        key = (sheet, place.replace("$", ""))
        if key not in self._known:
            cell = self.book[sheet][key[1]]
            worked_out = cell.data_type == "f" and isinstance(cell.value, str) and cell.value.startswith("=")
            self._known[key] = _Formula(self, sheet, cell.value[1:]).result() if worked_out else cell.value
        return self._known[key]

    def range(self, sheet: str, reference: str) -> Value:
        """Return the value of a cell, or the values of a range."""
        if ":" not in reference:
            return self.value(sheet, reference)
        left, top, right, bottom = range_boundaries(reference.replace("$", ""))
        cells = self.book[sheet].iter_rows(top, bottom, left, right)
        return [self.value(sheet, cell.coordinate) for row in cells for cell in row]

    def name(self, name: str) -> Value:
        """Return the value of a defined name."""
        ((sheet, place),) = self.book.defined_names[name].destinations
        return self.value(sheet, place)


class _Formula:
    def __init__(self, sheets: Spreadsheet, sheet: str, formula: str) -> None:
        self._sheets, self._sheet = sheets, sheet
        self._tokens = [(kind, found[kind]) for found in _TOKEN.finditer(formula) if (kind := found.lastgroup)]
        assert sum(len(text) for _, text in self._tokens) == len(formula), formula  # our formulas have no blanks
        self._place = 0

    def result(self) -> Value:
        value = self._comparison()
        assert self._place == len(self._tokens)
        return value

    def _next(self, *operators: str) -> str | None:
        if self._place < len(self._tokens):
            kind, text = self._tokens[self._place]
            if kind == "op" and text in operators:
                self._place += 1
                return text
        return None

    def _comparison(self) -> Value:
        left = self._joined()
        while operator := self._next("=", "<>", "<", ">", "<=", ">="):
            left = _each(_COMPARED[operator], left, self._joined())
        return left

    def _joined(self) -> Value:
        left = self._sum()
        while self._next("&"):
            left = _each(lambda a, b: _written(a) + _written(b), left, self._sum())
        return left

    def _sum(self) -> Value:
        left = self._product()
        while operator := self._next("+", "-"):
            right = self._product()
            left = _each((lambda a, b: _n(a) + _n(b)) if operator == "+" else (lambda a, b: _n(a) - _n(b)), left, right)
        return left

    def _product(self) -> Value:
        left = self._signed()
        while operator := self._next("*", "/"):
            right = self._signed()
            left = _each((lambda a, b: _n(a) * _n(b)) if operator == "*" else (lambda a, b: _n(a) / _n(b)), left, right)
        return left

    def _signed(self) -> Value:
        if self._next("-"):
            return _each(lambda a, _: -_n(a), self._signed(), 0)
        return self._primary()

    def _primary(self) -> Value:
        if self._next("("):
            value = self._comparison()
            assert self._next(")")
            return value
        kind, text = self._tokens[self._place]
        self._place += 1
        if kind == "number":
            return float(text)
        if kind == "text":
            return text[1:-1].replace('""', '"')
        if kind == "ref":
            sheet, _, place = text.rpartition("!")
            return self._sheets.range(sheet[1:-1].replace("''", "'") if sheet else self._sheet, place)
        assert kind == "name", text
        return self._call(text) if self._next("(") else self._sheets.name(text)

    def _call(self, name: str) -> Value:
        if name == "IF":  # only the branch that holds is worked out
            return self._if()
        arguments = [] if self._next(")") else [self._comparison()]
        while self._next(","):
            arguments.append(self._comparison())
        self._next(")")
        return _FUNCTIONS[name](*arguments)

    def _if(self) -> Value:
        condition = self._comparison()
        assert self._next(",")
        if condition:
            value = self._comparison()
            self._skip()
            return value
        self._skip(to=",")
        assert self._next(",")
        value = self._comparison()
        assert self._next(")")
        return value

    def _skip(self, to: str = ")") -> None:
        depth = 0
        while True:
            kind, text = self._tokens[self._place]
            if kind == "op" and depth == 0 and text == to:
                break
            depth += (kind == "op" and text == "(") - (kind == "op" and text == ")")
            self._place += 1
        if to == ")":
            self._place += 1


def _each(operation: Callable[[Value, Value], Value], left: Value, right: Value) -> Value:
    if isinstance(left, list) and isinstance(right, list):
        return [operation(a, b) for a, b in zip(left, right, strict=True)]
    if isinstance(left, list):
        return [operation(a, right) for a in left]
    if isinstance(right, list):
        return [operation(left, b) for b in right]
    return operation(left, right)


def _n(value: Value) -> float:
    if isinstance(value, str):
        raise TypeError(f"#VALUE!: {value!r} in arithmetic")
    return 0.0 if value is None else float(value)


def _written(value: Value) -> str:
    return f"{value:g}" if isinstance(value, float) and value == round(value, 4) else str(value)


def _ordered(a: Value, b: Value) -> tuple[Value, Value]:
    """Return both so that they compare as in Excel: numbers before texts; an empty cell is 0 or an empty text."""
    a = ("" if isinstance(b, str) else 0.0) if a is None else a
    b = ("" if isinstance(a, str) else 0.0) if b is None else b
    return (isinstance(a, str), a if isinstance(a, str) else float(a)), (
        isinstance(b, str),
        b if isinstance(b, str) else float(b),
    )


_COMPARED: dict[str, Callable[[Value, Value], bool]] = {
    "=": lambda a, b: _ordered(a, b)[0] == _ordered(a, b)[1],
    "<>": lambda a, b: _ordered(a, b)[0] != _ordered(a, b)[1],
    "<": lambda a, b: _ordered(a, b)[0] < _ordered(a, b)[1],
    ">": lambda a, b: _ordered(a, b)[0] > _ordered(a, b)[1],
    "<=": lambda a, b: _ordered(a, b)[0] <= _ordered(a, b)[1],
    ">=": lambda a, b: _ordered(a, b)[0] >= _ordered(a, b)[1],
}


def _is_number(value: Value) -> Value:
    if isinstance(value, list):
        return [_is_number(one) for one in value]
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _numbers(values: Value) -> list[float]:
    return [value for value in (values if isinstance(values, list) else [values]) if _is_number(value)]


def _sumproduct(*arrays: Value) -> float:
    lists = [array if isinstance(array, list) else [array] for array in arrays]
    rows = zip(*lists, strict=True)
    return math.fsum(math.prod(float(value) if _is_number(value) else 0.0 for value in row) for row in rows)


def _count_if(values: list[Value], criterion: str) -> int:
    found = re.fullmatch(r"([<>=]*)(.*)", criterion)
    assert found
    if not found[1]:
        return sum(value == found[2] for value in values)
    assert found[1] == ">"
    return sum(value > float(found[2]) for value in _numbers(values))


def _round(value: float, places: float) -> float:
    exact = Fraction(repr(float(value))) * 10 ** int(places)
    whole = math.floor(abs(exact) + Fraction(1, 2))
    return math.copysign(float(Fraction(whole, 10 ** int(places))), value) if whole else 0.0


_FUNCTIONS: dict[str, Callable[..., Value]] = {
    "ISNUMBER": _is_number,
    "SUMPRODUCT": _sumproduct,
    "ROUND": lambda value, places: _round(_n(value), places),
    "LN": lambda value: math.log(_n(value)),
    "EXP": lambda value: math.exp(_n(value)),
    "N": lambda value: float(value) if _is_number(value) else 0.0,
    "AND": lambda *values: all(values),
    "OR": lambda *values: any(values),
    "MIN": lambda *values: min((n for value in values for n in _numbers(value)), default=0.0),
    "MAX": lambda *values: max((n for value in values for n in _numbers(value)), default=0.0),
    "COUNT": lambda values: len(_numbers(values)),
    "COUNTIF": _count_if,
}
