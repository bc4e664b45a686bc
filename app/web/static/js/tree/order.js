// Alt+arrow on a name moves it among its siblings: the same as the buttons of its row. Focus returns to the row.

const table = document.querySelector("table.tree-edit");

table?.addEventListener("keydown", (event) => {
  if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
  const row = event.target.closest("tr[data-node]");
  const button = row?.querySelector(`button[name="${event.key === "ArrowUp" ? "up" : "down"}"]`);
  if (!button) return;
  event.preventDefault();
  if (!button.disabled) button.click();
});

const arrived = location.hash.startsWith("#node-") ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
if (arrived && table?.contains(arrived)) {
  // what stands above it may be folded away
  let above = arrived;
  while ((above = table.querySelector(`tr[data-node="${CSS.escape(above.dataset.parent || "")}"]`))) {
    const fold = above.querySelector('button.fold[aria-expanded="false"]');
    if (fold) fold.click();
  }
  const settle = () => {
    arrived.querySelector(".name a")?.focus({ preventScroll: true });
    arrived.scrollIntoView({ block: "center" });
  };
  // going to the fragment takes the focus away once the page has loaded
  if (document.readyState === "complete") settle();
  else window.addEventListener("load", () => setTimeout(settle));
}
