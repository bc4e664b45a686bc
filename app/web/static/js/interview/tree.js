// The tree of elements: the current one is in sight when the page opens, and when the tree is opened on a tablet.

/** Keep the current element in sight. */
export function watchTree() {
  const tree = document.getElementById("tree");
  const current = tree?.querySelector("[aria-current]");
  if (!current) return;
  bringIntoSight(tree.parentElement, current);
  tree.addEventListener("toggle", (event) => event.newState === "open" && bringIntoSight(tree, current));
}

/** Scroll only the box itself: `scrollIntoView` would move the page too. */
function bringIntoSight(box, item) {
  const [outer, inner] = [box.getBoundingClientRect(), item.getBoundingClientRect()];
  if (inner.top < outer.top || inner.bottom > outer.bottom) box.scrollTop += inner.top - outer.top - outer.height / 3;
}
