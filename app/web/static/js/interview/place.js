// Where the user was on a page, kept over a reload in another language.

const KEY = "interview-place";

let last = null;

/** Begin to remember the focus. */
export function watchPlace() {
  document.querySelector("main").addEventListener("focusin", (event) => {
    last = event.target;
  });
}

/** Keep the place for the page that comes next. */
export function keepPlace() {
  if (!last) return;
  const { name, value, id, selectionStart, selectionEnd } = last;
  const selection = [selectionStart ?? 0, selectionEnd ?? 0];
  sessionStorage.setItem(KEY, JSON.stringify({ path: location.pathname, name, value, id, selection, scroll: scrollY }));
}

/** Go back to the kept place; tell whether there was one. */
export function restorePlace() {
  const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
  sessionStorage.removeItem(KEY);
  if (kept?.path !== location.pathname) return false;
  const target = kept.id ? document.getElementById(kept.id) : named(kept);
  scrollTo(0, kept.scroll);
  target?.focus({ preventScroll: true });
  if (target?.matches("textarea, input[type=text]")) target.setSelectionRange(...kept.selection);
  return Boolean(target);
}

function named({ name, value }) {
  if (!name) return null;
  const same = [...document.getElementsByName(name)];
  return same.find((input) => input.value === value) ?? same[0] ?? null;
}
