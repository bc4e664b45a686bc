// What the round before said of an element: asked for only when the server has this interview's own answer, and taken
// away again with it.

import { page } from "./page.js";

/** Watch a form; show the line when its answer is stored. */
export function watchPrevious(form) {
  const line = form.root.querySelector("[data-previous]");
  if (!line) return;
  let asked = !line.hidden;
  form.addEventListener("shown", () => {
    if (form.known.state !== "open") return;
    asked = false;
    line.hidden = true;
    line.textContent = "";
  });
  form.addEventListener("stored", async () => {
    if (asked || form.known.state === "open") return;
    asked = true;
    const { words, open } = await ask(form.element);
    if (open) asked = false; // the server has no score of ours yet: the next save asks again
    if (!words || form.known.state === "open") return;
    line.textContent = words;
    line.hidden = false;
  });
}

async function ask(element) {
  try {
    const response = await fetch(page.previous.replace("ELEMENT", encodeURIComponent(element)), { credentials: "same-origin" });
    if (response.ok) return await response.json();
  } catch {
    // no connection: as if the server had nothing yet
  }
  return { words: null, open: true };
}
