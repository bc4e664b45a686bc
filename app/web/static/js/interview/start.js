// The start page: choosing a questionnaire shows its roles at once.

for (const radio of document.querySelectorAll("[data-submits]")) {
  radio.addEventListener("change", () => radio.form.submit());
}
document.documentElement.classList.add("scripted");
