// The plan: choosing a filter applies it, and a dimension of the matrix can be folded away.

document.documentElement.classList.add("scripted");

for (const choice of document.querySelectorAll("select[data-submits]")) {
  choice.addEventListener("change", () => choice.form.submit());
}

for (const button of document.querySelectorAll("button[data-folds]")) {
  const rows = document.getElementById(button.dataset.folds);
  button.setAttribute("aria-controls", rows.id);
  button.addEventListener("click", () => {
    rows.hidden = !rows.hidden;
    button.setAttribute("aria-expanded", String(!rows.hidden));
  });
}
