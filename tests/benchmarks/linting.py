"""How much processor time one answer of the lint API costs while somebody types: a file of about 400 lines with 60
faults, the largest framework and the largest questionnaire. Prints figures, judges nothing.

    .venv/bin/python -m tests.benchmarks.linting [--times 30]

The whole answer is measured: reading the draft, checking, wording, mends, JSON; processor time of this process. As in
the server, what is loaded at the start is taken out of Python's search for garbage.
"""

from __future__ import annotations

import argparse
import gc
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app.content.layering import ContentKind
from app.content.library import load_library
from app.settings import CHECKOUT
from app.storage.database import Database
from tests.acting import acting
from tests.browser.server import prepare

if TYPE_CHECKING:
    from flask.testing import FlaskClient

FRAMEWORK, QUESTIONNAIRE = "credit-risk", "telecom-crm-interview"
FAULTS, LINES = 60, 400
WHO = "administrator"
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


def main() -> None:
    """Prepare drafts, ask again and again, print the figures."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    asked.add_argument("--times", type=int, default=30)
    times = asked.parse_args().times
    with (
        tempfile.TemporaryDirectory() as folder,
        _client(prepare(Path(folder) / "data", Path(folder))) as (client, drafts),
    ):
        sys.stdout.write(f"{'':<44}{'lines':>7}{'faults':>8}{'median':>10}{'slowest':>10}\n")
        for name, draft, files in _cases(drafts):
            gc.collect()
            gc.freeze()
            _measure(client, name, draft, files, times)


def faulty_file(texts: Mapping[str, str]) -> str:
    """Return one file of LINES lines that holds a framework with FAULTS faults of many kinds."""
    head, _, _ = texts["framework.yaml"].partition("capabilities:")
    head = head.replace("version: 1.0.0", "version: 1.0").replace("method: weighted", "method: wieghted")
    head = re.sub(r"\n +- \{id: group,[^\n]*", "", head)
    lines = [*head.rstrip().split("\n"), "capabilities:"]
    slips = (
        "        wieght: 1",
        '        weight: "1"',
        "        levels: {0: {zh: 没有}}",
        "        critical: yes",
        "        prerequisites: [nowhere]",
        "        related: [nowhere]",
        "        code: 7",
    )
    number = 0
    while len(lines) < LINES - 12:
        lines += [f"  - id: group-{number}", f"    name: {{zh: 组{number}, en: Group {number}}}", "    children:"]
        for element in range(number * 3, number * 3 + 3):
            lines.append(f"      - id: group-element-{element}")
            lines.append(f"        name: {{zh: 要素{element}, en: Element {element}}}")
            lines.append(f"        definition: {{zh: 说明{element}, en: Definition {element}}}")
            if element % 10 < 8:
                lines.append(slips[element % len(slips)])
        number += 1
    return "\n".join(lines) + "\n"


def _cases(drafts: Mapping[str, tuple[int, Mapping[str, str]]]) -> Iterator[tuple[str, int, dict[str, str]]]:
    draft, files = drafts[FRAMEWORK]
    yield "a framework written with many slips", draft, {"framework.yaml": faulty_file(files)}
    for key, (sound, stored) in drafts.items():
        yield f"{key}, as published", sound, {next(iter(stored)): next(iter(stored.values()))}


def _measure(client: FlaskClient, name: str, draft: int, files: dict[str, str], times: int) -> None:
    token = TOKEN.search(client.get("/help/start").text)
    assert token
    seconds: list[float] = []
    for number in range(times + 1):
        begun = time.process_time()
        answer = client.post(f"/api/drafts/{draft}/lint", json={"files": files}, headers={"X-CSRFToken": token[1]})
        seconds += [time.process_time() - begun] if number else []  # the first one loads modules
        assert answer.status_code == 200
    stored = client.get(f"/api/drafts/{draft}").get_json()["files"]
    lines = sum(text.count("\n") for text in ({**stored, **files} if "published" in name else files).values())
    faults = answer.get_json()["errors"] + answer.get_json()["warnings"]
    figures = f"{statistics.median(seconds) * 1000:>7.0f} ms{max(seconds) * 1000:>7.0f} ms"
    sys.stdout.write(f"{name:<44}{lines:>7}{faults:>8}{figures}\n")
    sys.stdout.flush()


@contextmanager
def _client(data: Path) -> Iterator[tuple[FlaskClient, dict[str, tuple[int, Mapping[str, str]]]]]:
    """Yield a signed-in client and its drafts: by key, number and files."""
    from app.jobs.queue import DatabaseQueue
    from app.services import accounts, drafting
    from app.services.clock import system_clock
    from app.services.shelf import Shelf
    from app.services.sign_ins import Factors, start_sign_in
    from app.settings import read_settings, with_secret_key
    from app.web.application import create_web
    from app.web.context import Context
    from app.web.signing.routes import TOKEN as KEY

    environment = {"CRM_MATURITY_DATA": str(data)}
    settings = with_secret_key(read_settings(environ=environment), environment)
    database = Database(f"sqlite:///{data / 'crm-maturity.db'}")
    library = load_library(CHECKOUT)
    drafts: dict[str, tuple[int, Mapping[str, str]]] = {}
    with database.begin() as session:
        user = next(one for one in accounts.list_users(session) if one.name == WHO)
        actor = acting(user.id, user.name, user.display_name, user.role)
        for kind, key in (
            (ContentKind.FRAMEWORK, FRAMEWORK),
            (ContentKind.FRAMEWORK, "telecom-crm"),
            (ContentKind.QUESTIONNAIRE, QUESTIONNAIRE),
        ):
            draft = drafting.begin_draft(session, kind, key, library=library, actor=actor, clock=system_clock)
            drafts[key] = (draft.id, draft.files)
        token = start_sign_in(session, user.id, factors=Factors.PASSWORD, device=None, clock=system_clock)
    shelf = Shelf(database, library)
    client = create_web(Context(settings, database, shelf, system_clock, DatabaseQueue(system_clock))).test_client()
    with client.session_transaction() as browser:
        browser[KEY] = token
    yield client, drafts
    database.dispose()


if __name__ == "__main__":
    main()
