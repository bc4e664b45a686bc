"""Text of a template -> what stands in it: names, filters, tests, templates it names. Knows Jinja, no report.

A tree is walked once, and what was found is remembered by the text: the house's templates stand behind every report.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeGuard

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.meta import find_undeclared_variables

Placed = tuple[tuple[str, int], ...]  # words with the lines on which they stand
_REMEMBERED = 256  # texts; a template is some kilobytes
_NAMING = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)


@dataclass(frozen=True, slots=True)
class TemplateContent:
    """What a template names and does; words with their lines, in the order in which they stand."""

    includes: Placed  # templates that it names outright; a name that is computed is looked up in use
    filters: Placed  # those that there are not
    tests: Placed  # those that there are not
    names: Placed
    reached: Placed  # attributes, and items taken by a word
    brought: frozenset[str]  # names that it sets, loops over or imports
    undeclared: frozenset[str]  # names that must come from outside
    refused: tuple[str, int] | None  # why a template that can be read cannot be used


@lru_cache(maxsize=_REMEMBERED)
def read_template(source: str, filters: tuple[str, ...]) -> TemplateContent:
    """Read a template that may use `filters` beside Jinja's own; TemplateSyntaxError says why it cannot be read."""
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True, optimized=False)  # nothing is rendered
    environment.filters.update(dict.fromkeys(filters, str))
    tree = environment.parse(source)
    all_nodes = tuple(_below(tree))
    names = [one for one in all_nodes if isinstance(one, nodes.Name)]
    strange_filters = _named(
        one for one in all_nodes if type(one) is nodes.Filter if one.name not in environment.filters
    )
    strange_tests = _named(one for one in all_nodes if type(one) is nodes.Test if one.name not in environment.tests)
    undeclared: frozenset[str] = frozenset()
    refused = None
    if not strange_filters and not strange_tests:
        try:
            undeclared = frozenset(find_undeclared_variables(tree))
        except TemplateSyntaxError as error:
            refused = (error.message or "it cannot be read", error.lineno)
    return TemplateContent(
        includes=_includes(all_nodes),
        filters=strange_filters,
        tests=strange_tests,
        names=_named(names),
        reached=_reached(all_nodes),
        brought=frozenset(one.name for one in names if one.ctx in ("store", "param"))
        | frozenset(one.target for one in all_nodes if isinstance(one, nodes.Import)),
        undeclared=undeclared,
        refused=refused,
    )


def _below(node: nodes.Node) -> Iterator[nodes.Node]:
    waiting = list(node.iter_child_nodes())[::-1]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(list(one.iter_child_nodes())[::-1])


def _named(found: Iterator[nodes.Name | nodes.Filter | nodes.Test] | list[nodes.Name]) -> Placed:
    return tuple((one.name, one.lineno) for one in found)


def _includes(all_nodes: tuple[nodes.Node, ...]) -> Placed:
    named = [(one.template, one.lineno) for kind in _NAMING for one in all_nodes if isinstance(one, kind)]
    return tuple((name.value, line) for name, line in named if _is_word(name))


def _reached(all_nodes: tuple[nodes.Node, ...]) -> Placed:
    attributes = [(one.attr, one.lineno) for one in all_nodes if isinstance(one, nodes.Getattr)]
    items = [(one.arg, one.lineno) for one in all_nodes if isinstance(one, nodes.Getitem)]
    return (*attributes, *((word.value, line) for word, line in items if _is_word(word)))


def _is_word(node: nodes.Node) -> TypeGuard[nodes.Const]:
    """Tell whether an expression is a text that stands there as it is."""
    return isinstance(node, nodes.Const) and isinstance(node.value, str)
