// One-key scoring. Works only while the focus is inside the score group; reads key positions, so that a Chinese input
// method or a keypad makes no difference. Knows the scale's grid and the plan that the server made of it.

const SWITCH = "interview-keys-off";

/** Tell whether scoring by keys is switched on in this browser. */
export function keysAreOn() {
  try {
    return localStorage.getItem(SWITCH) === null;
  } catch {
    return true;
  }
}

/** Switch scoring by keys on or off in this browser. */
export function switchKeys(on) {
  try {
    if (on) localStorage.removeItem(SWITCH);
    else localStorage.setItem(SWITCH, "1");
  } catch {
    // a browser that stores nothing keeps the keys on
  }
}

/** Listen on a form: its score group for everything, the other fields for the way back. `acts`: {next, previous, help}. */
export function listen(form, plan, acts) {
  form.root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.isComposing || !keysAreOn()) return;
    const act = form.scale.contains(event.target) ? actInScore(event, form, plan, acts) : actBeside(event, form);
    if (act) done(event, act);
  });
}

function actInScore(event, form, plan, acts) {
  if (event.key === "?" || (event.shiftKey && event.code === "Slash")) return acts.help;
  if (isEnter(event) && event.target.matches("button")) return null;
  if (isEnter(event)) return event.shiftKey ? acts.previous : acts.next;
  return event.shiftKey || form.locked ? null : actOf(event, form, plan);
}

/** Escape leads back to the score; while an input method is at work it belongs to that. */
function actBeside(event, form) {
  const own = event.code === "Escape" && event.key !== "Process" && event.keyCode !== 229;
  return own && event.target.matches("input, textarea, select") ? () => form.focusScore() : null;
}

const isEnter = (event) => event.code === "Enter" || event.code === "NumpadEnter";

function done(event, act) {
  event.preventDefault();
  act();
}

function actOf(event, form, plan) {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  const key = event.altKey ? `Alt+${digit}` : digit;
  if (key in plan.confidence) return () => form.chooseConfidence(plan.confidence[key]);
  if (key === plan.note) return () => form.focusNote();
  if (event.altKey) return null;
  if (digit in plan.digits) return () => form.choose(plan.digits[digit]);
  switch (event.code) {
    case "Period":
    case "NumpadDecimal":
      return () => within(form);
    case "Minus":
    case "NumpadSubtract":
      return () => step(form, -1);
    case "Equal":
    case "NumpadAdd":
      return () => step(form, 1);
    case "KeyN":
      return () => form.choose("not-applicable");
    case "KeyD":
      return () => form.choose("unknown");
    case "KeyE":
      return () => form.focusEvidence();
    case "Backspace":
      return () => form.clear();
    default:
      return null;
  }
}

const isWhole = (value) => Number.isInteger(Number(value));

function place(form) {
  return form.grid.indexOf(form.read().score);
}

function step(form, by) {
  const next = form.grid[place(form) + by];
  if (place(form) >= 0 && next !== undefined) form.choose(next);
}

/** One step up inside the level; from its last step back to its whole. */
function within(form) {
  const at = place(form);
  if (at < 0) return;
  const up = form.grid[at + 1];
  if (up !== undefined && !isWhole(up)) form.choose(up);
  else form.choose(form.grid.slice(0, at + 1).findLast(isWhole) ?? form.grid[at]);
}
