// The parts of the level above a score: a tick is a line of the note, and the note is where it is read again. (The
// server does the same for pages without a script: level_parts.py.)

const linesOf = (note) => note.value.split("\n");
const says = (line, box) => [box.dataset.line, box.dataset.also].includes(line.trim());

/** Show every box as the note has it. */
export function readParts(boxes, note) {
  const lines = linesOf(note);
  for (const box of boxes) box.checked = lines.some((line) => says(line, box));
}

/** Write what a box says now into the note: its line at the end, or nowhere. */
export function writePart(box, note) {
  const lines = linesOf(note);
  const there = lines.some((line) => says(line, box));
  if (box.checked === there) return;
  const before = note.value.trim() ? [note.value.replace(/\s+$/, "")] : [];
  note.value = box.checked
    ? [...before, box.dataset.line].join("\n")
    : lines.filter((line) => !says(line, box)).join("\n").trim();
}
