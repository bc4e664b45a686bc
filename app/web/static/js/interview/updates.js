// A new version of the product on a device with downloaded interviews: said in a bar, taken over when the user says so.
// Afterwards the downloads are fetched anew, since the old copies went with the old version.

import { download, whyNot } from "./download.js";
import { offline, page, say } from "./page.js";

let watching = false;

/** Watch the service worker, if this device has one. `settled()` resolves when a reload loses nothing. */
export async function watchUpdates(store, settled) {
  if (whyNot(store)) return;
  const registration = await navigator.serviceWorker.getRegistration(offline.scope);
  if (!registration || watching) return;
  watching = true;
  if (registration.waiting) offer(registration, settled);
  registration.addEventListener("updatefound", () => {
    const coming = registration.installing;
    coming?.addEventListener("statechange", () => {
      if (coming.state === "installed" && registration.active) offer(registration, settled);
    });
  });
  if (!registration.waiting && !registration.installing) await renew(store);
}

function offer(registration, settled) {
  if (document.querySelector(".update-bar")) return;
  const bar = document.createElement("div");
  bar.className = "update-bar";
  bar.setAttribute("role", "status");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = say("reload");
  bar.append(say("newVersion"), " ", button);
  document.querySelector("main").prepend(bar);
  button.addEventListener("click", async () => {
    button.disabled = true;
    await settled();
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    if (registration.waiting) registration.waiting.postMessage({ act: "take-over" });
    else location.reload();
  });
}

/** Fetch anew, one after the other, what was downloaded under an older version. */
async function renew(store) {
  const all = await store.list("downloads").catch(() => []);
  for (const record of all.filter((one) => one.user === page.user && one.version !== offline.version)) {
    await download(store, record.hub).catch(() => {}); // the panel on its hub says that it is not ready
  }
}
