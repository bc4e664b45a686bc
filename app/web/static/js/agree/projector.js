// The wall of a room: follows the room, goes on with the arrow keys or a presenter's pointer.

import { announce, follow } from "./live.js";
import { say } from "./page.js";
import { replaceParts } from "./parts.js";

const LINKS = { ArrowRight: "next", PageDown: "next", ArrowLeft: "prev", PageUp: "prev" };

document.addEventListener("keydown", (event) => {
  const link = LINKS[event.key] && document.querySelector(`a[rel=${LINKS[event.key]}]`);
  if (!link || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  event.preventDefault();
  link.click();
});

follow((now) => {
  if (replaceParts(now.parts).length) announce(say("changed"));
});
