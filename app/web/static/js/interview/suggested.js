// Why a score is suggested follows what is stored: it is asked for again when the answer to a question was saved.

/** Keep the reason beside a form's suggested score up to date. */
export function watchSuggested(form) {
  const list = form.root.querySelector("[data-suggested-because]");
  if (!list) return;
  let asked = JSON.stringify(form.known.questions);
  form.addEventListener("change", ({ detail }) => detail.changes.questions && list.classList.add("stale"));
  form.addEventListener("stored", async () => {
    const now = JSON.stringify(form.known.questions);
    if (now === asked) return;
    asked = now;
    draw(list, await reason(list.dataset.suggestedBecause));
  });
}

async function reason(address) {
  try {
    const response = await fetch(address, { credentials: "same-origin" });
    return response.ok ? (await response.json()).lines : null;
  } catch {
    return null; // without a network the reason waits; the score itself comes with the next save
  }
}

function draw(list, lines) {
  if (lines === null) return;
  const items = lines.map((words) => Object.assign(document.createElement("li"), { textContent: words }));
  list.replaceChildren(...items);
  list.classList.remove("stale");
}
