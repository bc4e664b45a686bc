// Folds a table of capabilities: every branch gets a button, elements start folded away. Without this script all rows stand.

const foldable = (table) => {
  const words = table.dataset;
  const rows = [...table.querySelectorAll("tbody tr")];
  const byNode = new Map(rows.map((row) => [row.dataset.node, row]));
  const open = new Map();
  const isShown = (row) => {
    const above = byNode.get(row.dataset.parent);
    return !above || (open.get(above.dataset.node) && isShown(above));
  };
  const show = () => {
    for (const row of rows) row.hidden = !isShown(row);
    for (const [node, button] of buttons) button.setAttribute("aria-expanded", String(open.get(node)));
  };
  const buttons = new Map();
  for (const row of rows) {
    const name = row.querySelector(".name");
    if (!("branch" in row.dataset)) {
      const space = document.createElement("span");
      space.className = "leafless";
      name.prepend(space);
      continue;
    }
    const button = document.createElement("button");
    button.type = "button";
    button.className = "fold plain";
    button.setAttribute("aria-label", `${words.fold}${row.querySelector("a").textContent}`);
    button.addEventListener("click", () => {
      open.set(row.dataset.node, !open.get(row.dataset.node));
      show();
    });
    buttons.set(row.dataset.node, button);
    name.prepend(button);
  }
  const branches = rows.filter((row) => "branch" in row.dataset);
  const holdsBranches = (row) => branches.some((other) => other.dataset.parent === row.dataset.node);
  for (const row of branches) open.set(row.dataset.node, holdsBranches(row));
  if (!branches.some(holdsBranches)) for (const row of branches) open.set(row.dataset.node, true);

  const all = document.createElement("button");
  all.type = "button";
  all.className = "link fold-all";
  const everyOpen = () => [...open.values()].every(Boolean);
  const label = () => { all.textContent = everyOpen() ? words.foldAll : words.unfoldAll; };
  all.addEventListener("click", () => {
    const to = !everyOpen();
    for (const node of open.keys()) open.set(node, to);
    show();
    label();
  });
  table.addEventListener("click", label);
  if (branches.length) {
    table.closest("section")?.querySelector("header, h2")?.after(all);
    label();
    show();
  }
};

document.querySelectorAll("table[data-tree]").forEach(foldable);
