// On every page of a signed-in user: how many answers on this device are not sent yet, and nobody signs out over them
// unasked. Needs nothing but the store; the pages of an interview send.

import { openStore } from "../interview/store.js";

const told = JSON.parse(document.getElementById("unsent-everywhere").textContent);
const CACHE_PREFIX = "interview-";
const LEFT_ALONE = 30_000;

const say = (key, values) => told.texts[key].replace(/\{(\w+)\}/g, (whole, name) => values?.[name] ?? whole);
const store = await openStore();

/** How many answers wait: this user's, those of others on this device, and where to go on. */
async function look() {
  const entries = await store.all().catch(() => []);
  const own = entries.filter((entry) => entry.user === told.user);
  const count = (some) => new Set(some.map((entry) => `${entry.user}/${entry.interview}/${entry.element}`)).size;
  return { own: count(own), others: count(entries) - count(own), interview: own[0]?.interview ?? entries[0]?.interview };
}

async function draw() {
  const bar = document.querySelector("[data-unsent-bar]");
  const { own, others, interview } = await look();
  const elsewhere = !document.querySelector("[data-saving]"); // the pages of an interview have a line of their own
  bar.hidden = !(elsewhere && (own || others));
  bar.querySelector("[data-unsent-words]").textContent = own ? say("own", { n: own }) : say("others", { n: others });
  const link = bar.querySelector("a");
  link.href = told.interview.replace("INTERVIEW", interview ?? "");
  link.hidden = !own;
}

/** Sign out: asked when something is unsent; then this user's answers and every download are erased here. */
function guardSignOut(form) {
  let settled = false;
  form.addEventListener("submit", async (event) => {
    if (settled) return;
    event.preventDefault();
    const { own, others } = await look();
    if (own && !confirm(say("leave", { n: own }))) return;
    if (!(await reached())) {
      alert(say("unreachable"));
      return;
    }
    await wipe();
    const keep = document.createElement("input");
    Object.assign(keep, { type: "hidden", name: "keep", value: others > 0 ? "1" : "" });
    form.append(keep);
    settled = true;
    form.requestSubmit();
  });
}

async function reached() {
  try {
    const response = await fetch(told.health, { signal: AbortSignal.timeout(8_000), cache: "no-store" });
    return response.ok && (await response.text()).trim() === "ok";
  } catch {
    return false;
  }
}

/** Erase what is this user's on this device; with nothing of others left, the server has the browser erase the rest. */
async function wipe() {
  const own = (await store.all().catch(() => [])).filter((entry) => entry.user === told.user);
  await store.change({ remove: own.map((entry) => entry.id) }).catch(() => {});
  document.dispatchEvent(new Event("unsent-erased"));
  await eraseDownloads();
}

async function eraseDownloads() {
  for (const [table, key] of [["downloads", "interview"], ["known", "key"]]) {
    const records = await store.list(table).catch(() => []);
    await store.change({ table, remove: records.map((record) => record[key]) }).catch(() => {});
  }
  if (!("caches" in globalThis)) return;
  for (const name of await caches.keys()) if (name.startsWith(CACHE_PREFIX)) await caches.delete(name);
  const registration = await navigator.serviceWorker?.getRegistration(told.scope);
  await registration?.unregister();
}

/** Somebody else signed in without the first one signing out: what was downloaded is not for their eyes. */
async function eraseWhatIsForOthers() {
  const downloads = await store.list("downloads").catch(() => []);
  if (downloads.some((one) => one.user !== told.user)) await eraseDownloads();
}

const form = document.querySelector("[data-sign-out-form]");
if (form) guardSignOut(form);
await eraseWhatIsForOthers();
await draw();
document.addEventListener("visibilitychange", draw);
setInterval(draw, LEFT_ALONE);
