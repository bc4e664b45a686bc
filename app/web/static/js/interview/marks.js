// The marks in the tree follow what the user does, before the server draws them again.

import { say } from "./page.js";

/** Draw the mark of one element from an answer. */
export function drawMark(element, answer) {
  const mark = document.querySelector(`[data-mark="${CSS.escape(element)}"]`);
  if (!mark || mark.classList.contains("mark-out-of-scope")) return;
  const kind = kindOf(answer);
  mark.className = `mark mark-${kind}`;
  const sign = document.createElement("span");
  if (kind === "scored") {
    sign.className = "mark-figure";
    sign.textContent = answer.score;
  } else {
    sign.className = "mark-glyph";
    sign.setAttribute("aria-hidden", "true");
  }
  const word = document.createElement("span");
  word.className = "visually-hidden";
  word.textContent = say(`mark.${kind}`);
  mark.replaceChildren(sign, word);
}

function kindOf(answer) {
  if (answer.state === "scored" || answer.state === "unknown") return answer.state;
  if (answer.state === "not-applicable") return answer.reason ? "not-applicable" : "problem";
  const noted = answer.note || answer.reason || answer.confidence || Object.values(answer.ticks ?? {}).some(Boolean);
  return noted ? "started" : "open";
}
