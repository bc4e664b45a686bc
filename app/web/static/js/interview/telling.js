// What a saved answer brought back for its writer to read: shown above the page, and, when the page is left at once, on
// the next one too.

const KEPT = "crm-maturity-told";
const AT_ONCE = 10_000; // milliseconds within which a page that is left was hardly read

/** Say something above the page that stays. */
export function tell(words) {
  draw(words);
  keep([...kept(), { words, at: Date.now() }]);
}

/** Say again what the page before was left too soon for. */
export function tellAgain() {
  for (const { words } of kept()) draw(words);
  keep([]);
}

function draw(words) {
  const main = document.querySelector("main");
  if ([...main.querySelectorAll("[data-told]")].some((told) => told.textContent === words)) return;
  const told = document.createElement("p");
  told.className = "notice notice-warning";
  told.dataset.told = "";
  told.setAttribute("role", "status");
  main.prepend(told);
  told.textContent = words;
}

function kept() {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
    return found.filter(({ at }) => Date.now() - at < AT_ONCE);
  } catch {
    return [];
  }
}

function keep(told) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(told));
  } catch {
    // a browser without storage says it on this page alone
  }
}
