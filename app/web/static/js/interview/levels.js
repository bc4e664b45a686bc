// The wording beside a score: the level or the two levels it stands between, what the score means, and which part of the
// upper level is asked about.

const meanings = new WeakMap();

function meaningsOf(form) {
  if (!meanings.has(form)) meanings.set(form, JSON.parse(form.root.querySelector("[data-meanings]").textContent));
  return meanings.get(form);
}

/** Say what a form's judgement means, ask about the parts between two levels, mark the levels of its score. */
export function showMeaning(form) {
  const { state, score } = form.read();
  form.root.querySelector("[data-meaning]").textContent = meaningsOf(form)[score ?? state] ?? "";
  for (const parts of form.root.querySelectorAll("[data-parts]")) {
    parts.hidden = !parts.dataset.parts.split(" ").includes(score);
  }
  const list = document.querySelector("[data-levels]");
  if (list) markLevels([...list.children], score === null ? null : Number(score));
}

function markLevels(lines, score) {
  const values = lines.map((line) => Number(line.dataset.level));
  const low = Math.max(...values.filter((value) => value <= score));
  const high = Math.min(...values.filter((value) => value >= score));
  lines.forEach((line, index) => {
    const exact = score !== null && values[index] === score;
    line.classList.toggle("level-current", exact);
    line.classList.toggle("level-near", score !== null && !exact && (values[index] === low || values[index] === high));
    if (exact) line.setAttribute("aria-current", "true");
    else line.removeAttribute("aria-current");
  });
}
