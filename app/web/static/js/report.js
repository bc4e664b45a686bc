// Shows how far a report is; the page loads again when it has ended. Without this script the page refreshes itself.

const EVERY = 1000;
const PATIENCE = 30; // failed looks in a row before it stops looking

const watch = (state) => {
  const stage = state.querySelector("[data-stage]");
  const bar = state.querySelector("[data-progress]");
  let failures = 0;
  const look = async () => {
    try {
      const answer = await fetch(state.dataset.report, { headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const report = await answer.json();
      failures = 0;
      bar.value = report.progress;
      if (stage.textContent !== report.stage) stage.textContent = report.stage;
      if (report.ended) {
        location.reload();
        return;
      }
    } catch {
      failures += 1;
    }
    if (failures < PATIENCE) setTimeout(look, EVERY);
  };
  setTimeout(look, EVERY);
};

for (const state of document.querySelectorAll("[data-report]")) watch(state);
