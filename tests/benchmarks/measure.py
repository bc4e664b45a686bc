"""How long the main jobs take on this machine: prints figures, judges nothing. `make bench` runs it.

Every job runs several times; the median and the slowest are printed. Commands are timed as an operator starts them,
pages as a signed-in browser asks for them.
"""

from __future__ import annotations

import http.cookiejar
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.browser.server import COMMAND, ENGAGEMENT, PASSWORD, Server, prepare, serving

CASES = Path("frameworks/telecom-crm/cases")
COMMAND_RUNS = 3
PAGE_RUNS = 15


def main() -> None:
    """Measure commands, then pages, then paper."""
    sys.stdout.write(f"{'job':<46} {'median':>9} {'slowest':>9}\n")
    with tempfile.TemporaryDirectory() as folder:
        _measure_commands(Path(folder))
        data = prepare(Path(folder) / "data", Path(folder))
        with serving(data) as server:
            _measure_pages(server)


def _measure_commands(folder: Path) -> None:
    shenzhen, guangzhou = str(CASES / "shenzhen-2003.yaml"), str(CASES / "guangzhou-2003.yaml")
    report = ("report", shenzhen, guangzhou, "--template", "executive", "--out", str(folder / "report.pdf"))
    for arguments in (
        ("--help",),
        ("lint",),
        ("score", shenzhen),
        ("compare", shenzhen, guangzhou, "--benchmark", "foreign-carriers-2003"),
        report,
    ):
        name = " ".join(argument for argument in arguments if "/" not in argument)
        _print(f"crm-maturity {name}"[:46], COMMAND_RUNS, partial(_run, arguments))


def _measure_pages(server: Server) -> None:
    browser = _signed_in(server)
    listing = _read(browser, server.url(f"/engagements/{ENGAGEMENT}"))
    assessments = sorted(set(re.findall(r'href="(/assessments/\d+)"', listing)))
    for path in (
        "/healthz",
        "/engagements",
        f"/engagements/{ENGAGEMENT}",
        *assessments[:1],
        "/frameworks",
        "/benchmarks",
    ):
        _print(f"GET {path}", PAGE_RUNS, partial(_read, browser, server.url(path)))


def _signed_in(server: Server) -> urllib.request.OpenerDirector:
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
    form = _read(browser, server.url("/sign-in"))
    token = re.search(r'name="csrf-token" content="([^"]+)"', form)
    assert token
    fields = {"csrf_token": token[1], "name": "consultant", "password": PASSWORD}
    browser.open(server.url("/sign-in"), urllib.parse.urlencode(fields).encode()).close()
    return browser


def _read(browser: urllib.request.OpenerDirector, address: str) -> str:
    with browser.open(address) as answer:
        text: str = answer.read().decode("utf-8")
        return text


def _run(arguments: tuple[str, ...]) -> None:
    subprocess.run([str(COMMAND), *arguments], check=True, stdout=subprocess.DEVNULL)


def _print(job: str, runs: int, work: Callable[[], object]) -> None:
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    sys.stdout.write(f"{job:<46} {statistics.median(seconds) * 1000:>6.0f} ms {max(seconds) * 1000:>6.0f} ms\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
