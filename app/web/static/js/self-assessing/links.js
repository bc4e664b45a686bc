// The page that shows new links once: copy one, print all.

const said = document.querySelector("[data-copied]");

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value); // browsers allow it over HTTPS and on this computer alone
    } catch {
      document.execCommand("copy");
    }
    said.textContent = said.dataset.words;
    button.textContent = said.dataset.words;
  });
}

const print = document.querySelector("[data-print]");
print.hidden = false;
print.addEventListener("click", () => window.print());
