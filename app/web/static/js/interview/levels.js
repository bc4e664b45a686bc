// The wording beside a score: the level or the two levels it stands between, and the sentence under the scale.

/** Mark the levels that belong to a form's score, and say what the judgement means. */
export function showMeaning(form, sentences) {
  const { state, score } = form.read();
  const meaning = form.root.querySelector("[data-meaning]");
  if (meaning && sentences) meaning.textContent = sentences[score ?? state] ?? "";
  const list = document.querySelector("[data-levels]");
  if (list && sentences) markLevels([...list.children], score === null ? null : Number(score));
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
