// The overview: rows follow the room in their places; a new order is offered, never forced upon the reader.

import { announce, follow } from "./live.js";
import { say } from "./page.js";
import { replaceParts, replaceRows } from "./parts.js";

const body = document.querySelector("[data-part=rows]");
const reorder = document.querySelector("[data-live-order]");

follow((now) => {
  const { rows, ...others } = now.parts;
  replaceParts(others);
  const replaced = body ? replaceRows(body, rows) : [];
  if (replaced.length) announce(say("changed"));
  const shown = body ? [...body.rows].map((row) => row.id.slice("row-".length)) : [];
  reorder.hidden = shown.join() === now.order.join();
  document.querySelector("[data-live-order-words]").textContent = say("reorder");
});
