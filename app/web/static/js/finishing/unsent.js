// The server cannot know what still lies on this device: as long as the status line says so, nothing is submitted.

const SETTLED = new Set(["idle", "saved"]);
const OTHERS = "otherUser"; // what lies here for another user is said, but only they can send it

const line = document.querySelector("[data-saving]");
const notice = document.querySelector("[data-unsent]");
const form = document.querySelector("[data-submit]");

function unsettled() {
  return line.dataset.kind !== undefined && !SETTLED.has(line.dataset.kind);
}

function draw() {
  notice.hidden = !unsettled();
  const button = form?.querySelector("button");
  if (button) button.disabled = unsettled() && line.dataset.kind !== OTHERS;
}

if (line && notice) {
  let before = unsettled();
  new MutationObserver(() => {
    draw();
    if (before && !unsettled()) location.reload(); // what has just arrived counts in the check
    before = unsettled();
  }).observe(line, { attributes: true, attributeFilter: ["data-kind"] });
  draw();
}
