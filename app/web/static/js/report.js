// Shows how far things in the making are; what has ended is drawn anew. Without this script the page refreshes itself.

const EVERY = 1000;
const SLOWEST = 10000; // a long batch is looked at less and less often
const PATIENCE = 30; // failed looks in a row before it stops looking

const show = (making, job) => {
  for (const place of making.querySelectorAll(`[data-job="${job.id}"]`)) {
    const stage = place.querySelector("[data-stage]");
    const bar = place.querySelector("[data-progress]");
    if (bar) bar.value = job.progress;
    if (stage && stage.textContent !== job.stage) stage.textContent = job.stage;
  }
};

const renew = async (making) => {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(making.id);
  if (!fresh) throw new Error("the page has changed");
  making.replaceWith(fresh);
  return fresh;
};

const watch = (first) => {
  let making = first;
  let ended = null;
  let failures = 0;
  let pause = EVERY;
  const look = async () => {
    try {
      const answer = await fetch(making.dataset.watch, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const told = await answer.json();
      failures = 0;
      for (const job of told.jobs) show(making, job);
      const count = told.jobs.filter((job) => job.ended).length;
      if (told.ended || (ended !== null && count !== ended)) making = await renew(making);
      ended = count;
      if (!making.dataset.watch) return;
    } catch {
      failures += 1;
    }
    pause = Math.min(SLOWEST, pause * 1.02);
    if (failures < PATIENCE) setTimeout(look, pause);
  };
  setTimeout(look, EVERY);
};

for (const making of document.querySelectorAll("[data-watch]")) watch(making);
