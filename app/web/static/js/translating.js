// English texts are saved into the draft one by one, when their field is left; without this script by their buttons.

const token = document.querySelector('meta[name="csrf-token"]').content;
const progress = document.getElementById("progress");

for (const form of document.querySelectorAll(".translation-form")) {
  const field = form.elements.english;
  let stored = field.value;
  let saving = Promise.resolve();
  const save = () => {
    saving = saving.then(async () => {
      const typed = field.value;
      if (typed !== stored && (await send(form, typed))) stored = typed;
    });
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  field.addEventListener("change", save);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
  });
  window.addEventListener("beforeunload", (event) => {
    if (field.value !== stored) event.preventDefault();
  });
}

async function send(form, typed) {
  const state = form.querySelector('[role="status"]');
  const values = new FormData(form);
  values.set("english", typed);
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: values,
      headers: { Accept: "application/json", "X-CSRFToken": token },
    });
    const said = answer.ok || answer.status === 409 ? await answer.json() : null;
    if (said === null) throw new Error(String(answer.status));
    show(form, said, answer.ok);
    state.textContent = answer.ok ? form.dataset.saved : form.dataset.overtaken;
    return answer.ok;
  } catch {
    state.textContent = form.dataset.failed;
    return false;
  }
}

function show(form, said, saved) {
  const row = form.closest(".translation");
  const seen = form.elements.seen;
  const now = form.querySelector(".translation-now");
  for (const one of row.querySelectorAll('input[name="seen"]')) one.value = said.seen;
  seen.value = said.seen;
  row.className = `translation translation-${said.standing}`;
  row.querySelector(".translation-standing").textContent = said.standing_word;
  row.querySelector(".translation-source").textContent = said.zh;
  now.hidden = saved;
  now.textContent = saved ? "" : said.en;
  if (!saved) return;
  row.querySelector(".translation-check")?.remove();
  progress.textContent = said.progress;
}
