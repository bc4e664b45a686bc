"""What a report on paper costs beside WeasyPrint alone and beside Chromium, and whether fifty of them need more memory.

The same HTML and the same assets go through our printer, through `weasyprint.HTML(...).write_pdf()` in a process of its
own and through Chromium's print; processor time of a process with everything that it started, one after the other in
one run. `python -m tests.benchmarks.paper` prints the table, `--memory N` prints N reports and watches this process.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

from app.content.library import Library, load_library
from app.core.judging import judge, respondents_of
from app.core.report import Paper
from app.core.scoring import score
from app.core.text import Locale
from app.core.weights import default_profile
from app.document.build import build_document
from app.document.material import Material, material
from app.reports.printing import print_pdf
from app.reports.typesetting import Typescript, typeset
from app.services.printing import templates_of
from app.services.report_material import subject_of_case
from app.settings import CHECKOUT

CASES = ("china-telecom-2003", "shenzhen-2003", "guangzhou-2003", "fuzhou-2003")
BENCHMARK = "foreign-carriers-2003"
DAY = date(2026, 3, 2)
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
SUBREAPER = 36  # prctl: processes that Chromium leaves behind are counted here
OURS, BARE, PLAIN, BROWSER = "our printer", "WeasyPrint, tagged", "WeasyPrint, no tags", "Chromium"


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor seconds and pages of one print."""

    seconds: float
    pages: int


def main() -> None:
    """Measure what is asked for."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--template", default="full")
    asked.add_argument("--locale", choices=["zh", "en"], default="zh")
    asked.add_argument("--paper", choices=[paper.value for paper in Paper], default="wide")
    asked.add_argument("--memory", type=int, default=0, metavar="N")
    options = asked.parse_args()
    library = load_library(CHECKOUT)
    gathered = shipped(library)
    word = partial(worded, library, gathered, options.template, options.locale, Paper(options.paper))
    if options.memory:
        watch_memory(word, options.memory)
    else:
        compare(word)


def shipped(library: Library) -> Material:
    """Return the shipped units and carriers."""
    framework = library.framework("telecom-crm")
    by_id = {case.id: case for case in library.cases("telecom-crm")}
    subjects = []
    for case in (by_id[key] for key in CASES):
        card = score(framework, judge(framework, case.scores, respondents_of(case, None)), published=case.published)
        subjects.append(subject_of_case(case, card))
    carriers = {one.id: one for one in library.benchmarks("telecom-crm")}[BENCHMARK]
    return material(framework, subjects, made_on=DAY, weights=default_profile(framework), benchmark=carriers)


def worded(library: Library, gathered: Material, template: str, locale: Locale, paper: Paper) -> Typescript:
    """Word and set a report."""
    definition = library.report(template)
    definition = replace(definition, theme=replace(definition.theme, paper=paper))
    return typeset(build_document(gathered, definition, locale), templates_of(CHECKOUT, template))


def compare(word: Callable[[], Typescript]) -> None:
    """Print processor time of the three ways, and how ours stands to the others."""
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    start = own_seconds()
    typescript = word()
    wording = own_seconds() - start
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        page = lay_down(typescript, folder)
        costs = {
            OURS: measured(partial(print_ours, typescript, folder), folder),
            BARE: measured(partial(print_bare, page, "pdf/ua-1"), folder),
            PLAIN: measured(partial(print_bare, page, None), folder),
            BROWSER: measured(partial(print_chromium, page), folder),
        }
    ours = costs[OURS].seconds
    sys.stdout.write(f"words and HTML: {wording:.1f} s, {len(typescript.html) // 1024} KB\n")
    for what, cost in costs.items():
        ratio = "" if what == OURS else f"   ours is {ours / cost.seconds:.2f} of it"
        sys.stdout.write(f"{what:<22}{cost.seconds:>7.1f} s  {cost.pages:>4} pages{ratio}\n")


def lay_down(typescript: Typescript, folder: Path) -> Path:
    """Write a typescript as files that any browser can open."""
    for name, (_, body) in typescript.assets.items():
        (folder / name).write_bytes(body)
    page = folder / "report.html"
    page.write_text(typescript.html.replace('"asset:', '"'), "utf-8")
    return page


def measured(work: Callable[[], object], folder: Path) -> Cost:
    """Do work that writes `out.pdf`; count this process and all it starts, also what it leaves behind."""
    start = own_seconds() + seconds_of_children()
    work()
    while True:
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            break
    seconds = own_seconds() + seconds_of_children() - start
    return Cost(seconds, pages_of(folder / "out.pdf"))


def pages_of(pdf: Path) -> int:
    """Return how many pages a file has."""
    told = subprocess.run(["pdfinfo", str(pdf)], capture_output=True, check=True, text=True).stdout
    return int(told.partition("Pages:")[2].split()[0])


def own_seconds() -> float:
    """Return the processor time of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def seconds_of_children() -> float:
    """Return the processor time of everything this process has waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def print_ours(typescript: Typescript, folder: Path) -> None:
    """Print as the product does."""
    (folder / "out.pdf").write_bytes(print_pdf(typescript))


def print_bare(page: Path, variant: str | None) -> None:
    """Print with WeasyPrint as its manual says."""
    code = f"import weasyprint; weasyprint.HTML('report.html').write_pdf('out.pdf', pdf_variant={variant!r})"
    subprocess.run([sys.executable, "-c", code], cwd=page.parent, check=True, stderr=subprocess.DEVNULL)


def print_chromium(page: Path) -> None:
    """Print with Chromium without a window."""
    browser = next(found for name in CHROMIUM if (found := shutil.which(name)))
    subprocess.run(
        [
            browser,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={page.parent / 'profile'}",
            "--no-pdf-header-footer",
            f"--print-to-pdf={page.parent / 'out.pdf'}",
            page.as_uri(),
        ],
        check=True,
        capture_output=True,
    )


def watch_memory(word: Callable[[], Typescript], count: int) -> None:
    """Print a report again and again; tell what this process and the largest child hold."""
    for number in range(1, count + 1):
        print_pdf(word())
        if number == 1 or number % 10 == 0:
            child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
            sys.stdout.write(f"{number:>4} reports: {resident()} MB here, {child} MB in the largest child\n")
            sys.stdout.flush()


def resident() -> int:
    """Return what this process holds in memory now, in MB."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() // 2**20


if __name__ == "__main__":
    main()
