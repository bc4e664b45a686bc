"""What no page may do: write to the console, throw, break its security policy, ask another host, run over its width.

Knows Playwright and axe; knows no page of the product.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

AXE_TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
LOUD = ("error", "warning")

# Violations reach the console too, but without the directive's name and the blocked address
REPORT_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => {
  const place = `${event.sourceFile}:${event.lineNumber}`;
  console.error(`CSP ${event.effectiveDirective} refused ${event.blockedURI} in ${place}`);
});
"""


@dataclass  # no slots: Playwright keeps notes on the object whose methods it calls
class Watch:
    """Everything that browser contexts did and may not do, in order."""

    faults: list[str] = field(default_factory=list)
    expected: list[re.Pattern[str]] = field(default_factory=list)

    def over(self, context: BrowserContext, *, host: str) -> None:
        """Watch every page of this context, now and later; `host` (with port) is all that it may ask."""
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("console", self._console)
        context.on(
            "weberror", lambda error: self._note(f"page error: {error.error} at {error.page and error.page.url}")
        )
        context.on("request", lambda request: self._request(request, host))

    def expect(self, pattern: str) -> None:
        """Let faults pass that match `pattern`: those that this test provokes on purpose (offline, a conflict)."""
        self.expected.append(re.compile(pattern))

    def verdict(self) -> None:
        """Fail with every fault that was noted and not expected."""
        assert not self.faults, "\n".join(["the browser saw what no page may do:", *self.faults])

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in LOUD:
            self._note(f"console {message.type}: {message.text} at {message.page and message.page.url}")

    def _request(self, request: Request, host: str) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob", "about") and address.netloc != host:
            self._note(f"request to another host: {request.url}")

    def _note(self, fault: str) -> None:
        if not any(pattern.search(fault) for pattern in self.expected):
            self.faults.append(fault)


def axe_violations(page: Page, *, contrast: bool = True) -> list[str]:
    """Return what axe finds against WCAG 2.2 A and AA on the page as it stands: one line per element.

    Contrast is the slow half; a second look at the same page in another width may leave it out.
    """
    options = {
        "runOnly": {"type": "tag", "values": list(AXE_TAGS)},
        "rules": {"color-contrast": {"enabled": contrast}},
        "resultTypes": ["violations"],
        "preload": False,  # style sheets of other hosts; there are none
    }
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    page.evaluate("document.getAnimations().forEach((animation) => animation.finish())")
    # what lies under a sticky bar is scrolled from under it when it is reached; axe counts it as too small a target
    page.evaluate("for (const bar of document.querySelectorAll('.focus-bar')) bar.style.position = 'static'")
    found = page.evaluate("(options) => axe.run(options)", options)["violations"]
    page.evaluate("for (const bar of document.querySelectorAll('.focus-bar')) bar.style.position = ''")
    return [line for violation in found for line in _violation_lines(violation)]


def _violation_lines(violation: dict[str, Any]) -> Iterable[str]:
    for node in violation["nodes"]:
        messages = "; ".join(check["message"] for kind in ("any", "all", "none") for check in node[kind])
        yield f"axe {violation['id']} ({violation['impact']}) at {node['target']}: {messages}"


# An element may stand out of the window only inside one that scrolls by itself (a wide table in its frame); one that
# is placed absolutely escapes frames that are not its containing block
WIDER_THAN_WINDOW = """async (patience) => {
  const root = document.documentElement;
  const end = performance.now() + patience;
  while (root.scrollWidth > root.clientWidth && performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const width = root.clientWidth;
  if (root.scrollWidth <= width) return [];
  const framed = (element) => {
    let escapes = getComputedStyle(element).position === "absolute";
    for (let node = element.parentElement; node && node !== document.body; node = node.parentElement) {
      const style = getComputedStyle(node);
      if (escapes && style.position === "static") continue;
      if (style.overflowX !== "visible") return true;
      escapes = style.position === "absolute";
    }
    return false;
  };
  const wide = [...document.body.querySelectorAll("*")].filter(
    (element) => element.getBoundingClientRect().right > width + 1 && !framed(element));
  const name = (element) =>
    [element.tagName.toLowerCase() + (element.id ? "#" + element.id : ""), ...element.classList].join(".");
  return [`page is ${root.scrollWidth} px wide in a window of ${width} px: ` +
    wide.slice(0, 6).map(name).join(", ")];
}"""


SETTLED_WITHIN_MS = 3000


def overflow(page: Page) -> list[str]:
    """Return a line that names what makes the page scroll sideways; nothing when it does not.

    Charts draw themselves anew when the window changes; they are given a moment for it.
    """
    return [str(line) for line in page.evaluate(WIDER_THAN_WINDOW, SETTLED_WITHIN_MS)]


# What people wrote may be Chinese on an English page; what the product says may not
CHINESE_TEXTS = """() => {
  const found = new Set();
  const look = (text) => /[\\u3400-\\u9fff]/.test(text) && found.add(text.trim());
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!element.closest("script, style, noscript, [lang|=zh]")) look(walker.currentNode.textContent);
  }
  for (const element of document.body.querySelectorAll(":not([lang|=zh])")) {
    for (const name of ["alt", "title", "placeholder", "aria-label"]) look(element.getAttribute(name) || "");
  }
  return [...found];
}"""


def left_in_chinese(page: Page, sentences: Set[str]) -> list[str]:
    """Return a line for each of our own Chinese `sentences` that an English page still says in Chinese."""
    return [f"left in Chinese: {text}" for text in page.evaluate(CHINESE_TEXTS) if text in sentences]
