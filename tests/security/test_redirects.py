"""Whoever follows a link of ours stays with us: no target, however it is written, leads a browser to another site."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.web.conftest import PASSWORD, Visitor

HERE = "http://localhost"
# what browsers forgive: backslashes, blanks, control characters, dots, other slashes, users, ports
TRICKS = st.text(alphabet=st.sampled_from("/\\:?#@%.;&=\t\n\r\v\x00\u2028\u3002\uff0f a1é"), max_size=8)
TARGETS = st.one_of(
    st.builds("{}{}{}".format, TRICKS, st.sampled_from(["", "evil.example", "https://evil.example/", "@evil"]), TRICKS),
    st.text(max_size=20),
)
Visit = Callable[[str | None], Visitor]


def leads_to(location: str) -> str:
    """Return where a browser goes: it drops tabs and line ends and takes a backslash for a slash."""
    read = "".join(character for character in location.strip() if character not in "\t\r\n").replace("\\", "/")
    return urlsplit(urljoin(f"{HERE}/sign-in", read)).netloc


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(target=TARGETS)
@example(target="//evil.example")
@example(target="/\\evil.example")
@pytest.mark.parametrize("path", ["/locale", "/sign-in"])
def test_whatever_is_asked_for_nobody_is_led_to_another_site(visit: Visit, path: str, target: str) -> None:
    visitor = visit("reader" if path == "/sign-in" else None)
    if path == "/sign-in":
        answer = visitor.client.get(path, query_string={"next": target})
    else:
        answer = visitor.post(path, {"locale": "en", "next": target})
    assert answer.status_code in (302, 303), answer.status_code
    assert leads_to(answer.headers["Location"]) in ("", "localhost"), target


def test_after_signing_in_the_same_holds(visit: Visit) -> None:
    for target in ("//evil.example", "/\\evil.example", "/\t/evil.example", "https:evil.example", "\x01//evil.example"):
        answer = visit(None).post("/sign-in", {"name": "reader", "password": PASSWORD, "next": target})
        assert leads_to(answer.headers["Location"]) in ("", "localhost"), target
