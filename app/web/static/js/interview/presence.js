// Who else is in this interview, calmly: one line that comes and goes. Asked while the page is looked at.

import { page, say } from "./page.js";
import { ping } from "./wire.js";

const EVERY = 30_000;

/** Tell the server every half minute where this user is (`where()`: an element or null), and show the others. */
export function watchPresence(where) {
  const lines = document.querySelectorAll("[data-presence]");
  let timer = null;
  const look = async () => {
    clearTimeout(timer);
    if (document.visibilityState === "visible") {
      const { editors } = await ping(where());
      draw(lines, editors ?? []); // unreachable: nobody knows, so nobody is shown
    }
    timer = setTimeout(look, EVERY);
  };
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
  look();
}

function draw(lines, editors) {
  const words = editors.map(({ name, element }) => {
    const place = element && page.names[element];
    return place ? say("alsoHereAt", { who: name, place }) : say("alsoHere", { who: name });
  });
  for (const line of lines) {
    const text = words.join(say("semicolon"));
    if (line.textContent !== text) line.textContent = text;
    line.hidden = !text;
  }
}
