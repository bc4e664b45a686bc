// Puts parts of a page in the place of their former selves, without disturbing focus or what the reader has opened.

/** Replace the parts that differ; return the names of those. `parts`: name to markup that the server drew. */
export function replaceParts(parts) {
  const replaced = [];
  for (const [name, markup] of Object.entries(parts)) {
    const host = document.querySelector(`[data-part="${name}"]`);
    if (host && replaceContent(host, markup)) replaced.push(name);
  }
  return replaced;
}

function replaceContent(host, markup) {
  const fresh = parsed(markup);
  for (const opened of host.querySelectorAll("details[open][id]")) {
    const same = fresh.querySelector(`#${CSS.escape(opened.id)}`);
    if (same) same.open = true;
  }
  if (alike(content(host), content(fresh))) return false;
  keepingFocus(host, () => host.replaceChildren(...fresh.childNodes));
  return true;
}

/** Replace the rows of a table body that differ, each in its place; return the ids of those. */
export function replaceRows(body, markup) {
  const replaced = [];
  for (const row of parsed(`<table><tbody>${markup}</tbody></table>`).querySelectorAll("tbody > tr")) {
    const former = document.getElementById(row.id);
    if (!former || !body.contains(former) || former.isEqualNode(row)) continue;
    keepingFocus(former, () => former.replaceWith(row));
    row.classList.add("changed");
    setTimeout(() => row.classList.remove("changed"), 4000);
    replaced.push(row.id);
  }
  return replaced;
}

const parsed = (markup) => new DOMParser().parseFromString(markup, "text/html").body;
const content = (host) => [...host.childNodes].filter((node) => node.nodeType !== Node.TEXT_NODE || node.data.trim());
const alike = (some, others) => some.length === others.length && some.every((node, place) => node.isEqualNode(others[place]));

/** Put the focus back on the link or fold that looks like the one that had it. */
function keepingFocus(host, replace) {
  const focused = host.contains(document.activeElement) ? document.activeElement : null;
  const parent = host.parentElement;
  const place = focused ? [...host.querySelectorAll("a, summary, button")].indexOf(focused) : -1;
  const { id } = host;
  replace();
  if (place < 0) return;
  const now = host.isConnected ? host : (id && document.getElementById(id)) || parent;
  now.querySelectorAll("a, summary, button")[place]?.focus({ preventScroll: true });
}
