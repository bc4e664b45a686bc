// Checks or clears all boxes of a group at once; without this script each box is clicked.

for (const group of document.querySelectorAll("[data-boxes]")) {
  const all = group.querySelector("[data-all]");
  if (!all) continue;
  all.hidden = false;
  for (const button of all.querySelectorAll("[data-check]")) {
    button.addEventListener("click", () => {
      for (const box of group.querySelectorAll("input[type=checkbox]")) box.checked = button.dataset.check === "1";
    });
  }
}
