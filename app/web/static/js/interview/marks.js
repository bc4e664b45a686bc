// The marks in the tree follow what the user does, before the server draws them again.

import { say } from "./page.js";

const DECIDED = ["scored", "not-applicable", "unknown"];

/** Draw the mark of one element from an answer, and the counts above it. */
export function drawMark(element, answer) {
  const mark = document.querySelector(`[data-mark="${CSS.escape(element)}"]`);
  if (!mark || mark.classList.contains("mark-out-of-scope")) return;
  drawSign(mark, kindOf(answer), answer);
  drawCounts(mark);
}

function drawSign(mark, kind, answer) {
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

function drawCounts(mark) {
  const section = mark.closest(".tree-section");
  if (!section) return;
  const { done, total } = progress(section);
  section.querySelector(".tree-count").textContent = `${done}/${total}`;
  const all = document.querySelector("[data-tree-all]");
  if (all) all.textContent = say("treeAll", progress(section.closest(".tree")));
}

function progress(tree) {
  const marks = [...tree.querySelectorAll("[data-mark]:not(.mark-out-of-scope)")];
  const done = marks.filter((mark) => DECIDED.some((kind) => mark.classList.contains(`mark-${kind}`))).length;
  return { done, total: marks.length };
}

function kindOf(answer) {
  if (answer.state === "scored" || answer.state === "unknown") return answer.state;
  if (answer.state === "not-applicable") return answer.reason ? "not-applicable" : "problem";
  const parts = [...Object.values(answer.ticks ?? {}), ...Object.values(answer.questions ?? {})];
  const strength = answer.evidence_strength ?? null;
  const noted = answer.note || answer.reason || answer.confidence || strength !== null || parts.some((part) => part !== null);
  return noted ? "started" : "open";
}
