"""What the other browser tests stand on: servers within this process, and sign-ins that were prepared."""

from __future__ import annotations

import http.client
import threading
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import OpenPage, Serve, sign_in
from tests.browser.server import ACCOUNTS, Server, copy_of

pytestmark = pytest.mark.browser


def answer_of(server: Server) -> int:
    """Return with which status a server says that it is there."""
    with closing(http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=10)) as connection:
        connection.request("GET", "/healthz")
        return connection.getresponse().status


def test_a_server_of_a_test_answers_until_its_block_ends(serve: Serve, prepared_data: Path, tmp_path: Path) -> None:
    before = set(threading.enumerate())
    with serve(copy_of(prepared_data, tmp_path / "data")) as running:
        assert answer_of(running) == 200
    with pytest.raises(ConnectionRefusedError):
        answer_of(running)
    assert set(threading.enumerate()) <= before


def test_servers_beside_each_other_have_data_of_their_own(serve: Serve, prepared_data: Path, tmp_path: Path) -> None:
    first, second = (copy_of(prepared_data, tmp_path / name) for name in ("first", "second"))
    (second / "crm-maturity.db").unlink()
    with serve(first) as one, serve(second) as other:
        assert (answer_of(other), answer_of(one)) == (500, 200)


@pytest.mark.parametrize("name", ACCOUNTS)
def test_everybody_is_signed_in_on_every_copy(open_page: OpenPage, own_server: Server, name: str) -> None:
    page = open_page("/engagements", role=name, at=own_server)
    assert urlsplit(page.url).path == "/engagements"


def test_somebody_signs_in_through_the_form(open_page: OpenPage, own_server: Server) -> None:
    page = open_page("/engagements", role=None, at=own_server)
    assert urlsplit(page.url).path == "/sign-in"
    sign_in(page.context, "consultant")
    page.goto("/engagements")
    assert urlsplit(page.url).path == "/engagements"
