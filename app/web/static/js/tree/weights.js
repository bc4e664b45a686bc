// Shows every weight's share among its siblings while it is typed.

const number = (input) => {
  const text = input.value.normalize("NFKC").trim().replaceAll(",", "");
  if (text === "") return 1;
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
};

for (const table of document.querySelectorAll("table[data-weights]")) {
  const rows = [...table.tBodies[0].rows];
  const reckon = (family) => {
    const members = rows.filter((row) => row.dataset.family === family);
    const weights = members.map((row) => number(row.querySelector("input")));
    const total = weights.reduce((sum, one) => sum + one, 0);
    members.forEach((row, place) => {
      const share = weights[place] / total;
      row.querySelector("[data-share]").textContent = total > 0 && Number.isFinite(share) ? `${Math.round(share * 100)}%` : "–";
    });
  };
  table.addEventListener("input", (event) => reckon(event.target.closest("tr").dataset.family));
}
