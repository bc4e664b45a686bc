// Shares and sums among siblings while weights are typed; what is stored is worked out exactly on the server.

const form = document.getElementById("weights");
const PLAIN = /^\d{1,18}(\.\d{1,6})?$/;

function show() {
  const families = Map.groupBy
    ? Map.groupBy(form.querySelectorAll("input.weight"), (field) => field.dataset.family)
    : grouped(form.querySelectorAll("input.weight"));
  for (const fields of families.values()) {
    const weights = fields.map((field) => read(field.value));
    const known = weights.every((weight) => weight !== null);
    const sum = known ? weights.reduce((total, weight) => total + weight, 0) : null;
    fields.forEach((field, place) => {
      const name = field.id.slice(2);
      const share = sum ? `${Math.round((weights[place] / sum) * 100)}%` : "–";
      form.querySelector(`[data-share="${name}"]`).textContent = share;
      const total = form.querySelector(`[data-sum="${name}"]`);
      total.textContent = place === 0 && sum !== null ? String(Math.round(sum * 1e6) / 1e6) : "";
    });
  }
}

function read(written) {
  const plain = written.normalize("NFKC").trim();
  return PLAIN.test(plain) ? Number(plain) : null;
}

function grouped(fields) {
  const found = new Map();
  for (const field of fields) {
    const family = field.dataset.family;
    found.set(family, [...(found.get(family) ?? []), field]);
  }
  return found;
}

if (form) {
  form.addEventListener("input", show);
  show();
}
