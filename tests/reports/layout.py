"""Reading WeasyPrint's pages: where every text and picture stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

HEADINGS = {"h1", "h2", "h3", "h4", "figcaption"}


@dataclass(frozen=True, slots=True)
class Ink:
    """Something printed in the body of a page, in CSS pixels from its top left corner."""

    kind: str  # text, picture
    text: str
    left: float
    top: float
    right: float
    bottom: float
    element: str

    def overlaps(self, other: Ink, slack: float = 1.5) -> bool:
        """Tell whether two things stand on top of each other."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return wide > slack and high > slack


def body_of(page: Any) -> Any:
    """Return the box of the page's flow (what is not in the margin)."""
    return next(box for box in page._page_box.children if box.element_tag == "html")


def descendants(box: Any) -> Iterator[Any]:
    """Yield a box and everything in it that is drawn."""
    yield box
    for child in getattr(box, "children", ()) or ():
        yield from descendants(getattr(child, "_box", child))


def ink_of(page: Any) -> list[Ink]:
    """Return what is printed in the body of a page."""
    found = []
    for box in descendants(body_of(page)):
        name = type(box).__name__
        if box.style["visibility"] == "hidden":
            continue
        if name == "TextBox" and box.text.strip() and box.style["font_size"] > 0:
            found.append(_ink("text", box.text, box, box.width, box.height))
        elif name in ("InlineReplacedBox", "BlockReplacedBox"):
            found.append(_ink("picture", "", box, box.width, box.height))
    return found


def _ink(kind: str, text: str, box: Any, width: float, height: float) -> Ink:
    left, top = box.position_x, box.position_y
    return Ink(kind, text, left, top, left + width, top + height, box.element_tag)


def area_of(page: Any) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of the page's content area."""
    box = page._page_box
    left, top = box.content_box_x(), box.content_box_y()
    return left, top, left + box.width, top + box.height


def is_filled(page: Any) -> bool:
    """Tell whether a page holds four lines or more, or a picture over its whole width."""
    left, _, right, _ = area_of(page)
    ink = ink_of(page)
    across = any(one.kind == "picture" and one.right - one.left > 0.9 * (right - left) for one in ink)
    return across or len({round(one.top) for one in ink}) >= 4


def margin_text(page: Any) -> str:
    """Return what stands in the margins of a page: running heads and feet."""
    boxes = [box for box in page._page_box.children if box.element_tag != "html"]
    return "".join(box.text for outer in boxes for box in descendants(outer) if type(box).__name__ == "TextBox")


def repeated_heads(pages: list[Any]) -> str:
    """Return the text of table heads that are printed again on further pages."""
    seen: Counter[int] = Counter()
    again: list[str] = []
    for page in pages:
        for box in descendants(body_of(page)):
            if type(box).__name__ == "TableRowGroupBox" and box.element_tag == "thead":
                seen[id(box.element)] += 1
                if seen[id(box.element)] > 1:
                    again += [inner.text for inner in descendants(box) if type(inner).__name__ == "TextBox"]
    return "".join(again)


def lowest_heading(page: Any) -> Ink | None:
    """Return a heading that stands alone at the foot of its column, if there is one."""
    ink = ink_of(page)
    for heading in (one for one in ink if one.element in HEADINGS):
        below = [one for one in ink if one.top >= heading.bottom - 2 and one.element not in HEADINGS]
        if not any(one.left < heading.right + 400 and one.right > heading.left for one in below):
            return heading
    return None
