"""The trail in words: whatever a service writes into it has a name that people read."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from flask import Flask

from app.settings import CHECKOUT
from app.web.trail.codes import DETAILS
from app.web.trail.wording import details_words

SOURCES = sorted([*(CHECKOUT / "app" / "services").glob("*.py"), *(CHECKOUT / "app" / "web" / "trail").glob("*.py")])


def written() -> Iterator[tuple[str, str]]:
    """Yield every key of a dictionary that is called `details`, with the file that it stands in."""
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            for value in _told(node):
                if isinstance(value, ast.Dict):
                    yield from ((source.name, str(key.value)) for key in value.keys if isinstance(key, ast.Constant))


def _told(node: ast.AST) -> list[ast.expr]:
    """Return what a node gives the name `details`: as an argument, or by an assignment, alone or with others."""
    match node:
        case ast.keyword(arg="details", value=value):
            return [value]
        case ast.AugAssign(target=ast.Name(id="details"), value=value):
            return [value]
        case ast.AnnAssign(target=ast.Name(id="details"), value=ast.expr() as value):
            return [value]
        case ast.Assign(targets=[ast.Name(id="details")], value=value):
            return [value]
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
            pairs = zip(names, values, strict=False)
            return [value for name, value in pairs if isinstance(name, ast.Name) and name.id == "details"]
        case _:
            return []


def test_every_detail_that_is_written_has_a_word() -> None:
    found = set(written())
    assert len(found) > 20
    assert {(file, key) for file, key in found if key not in DETAILS} == set()


@pytest.mark.parametrize(
    ("details", "words"),
    [
        ({"what": "first-password"}, [("哪一项", "首个密码已过期")]),
        ({"from": "observer", "to": "lead"}, [("原来", "观察员"), ("改为", "项目负责人")]),
        ({"format": ["pdf", "xlsx"]}, [("格式", "PDF、Excel")]),
        ({"format": "application/x-unheard-of"}, [("格式", "application/x-unheard-of")]),
        ({"kind": "reset"}, [("种类", "重设链接")]),
    ],
)
def test_codes_are_told_in_words(application: Flask, details: dict[str, object], words: list[tuple[str, str]]) -> None:
    with application.test_request_context("/"):
        assert details_words(details) == words
