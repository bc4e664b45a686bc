// Asks the server whether anything changed while the page is looked at, and says so when it cannot be reached.

import { clockTime, page, say } from "./page.js";

const EVERY = 1500;
const SLOWEST = 30_000;
const PATIENCE = 8000;

const line = document.querySelector("[data-live]");
const words = document.querySelector("[data-live-words]");
const spoken = document.querySelector("[data-live-spoken]");
const signIn = document.querySelector("[data-live-sign-in]");

let version = page.version;
let failures = 0;
let reachedAt = new Date();
let timer = 0;
let asking = false;
let stopped = false;

/** Call `changed(document)` with what the server says after every change, as long as the page is visible. */
export function follow(changed) {
  const ask = async () => {
    clearTimeout(timer);
    if (stopped || asking || document.hidden) return;
    asking = true;
    try {
      await askOnce(changed);
    } finally {
      asking = false;
    }
    if (!stopped) timer = setTimeout(ask, Math.min(SLOWEST, EVERY * 2 ** failures));
  };
  document.addEventListener("visibilitychange", ask);
  addEventListener("pageshow", ask);
  addEventListener("online", ask);
  show("live", say("live"));
  timer = setTimeout(ask, EVERY);
}

/** Say something politely, once. */
export function announce(text) {
  spoken.textContent = text;
}

async function askOnce(changed) {
  let response;
  let said = null;
  try {
    response = await fetch(page.poll.replace("VERSION", encodeURIComponent(version)), {
      signal: AbortSignal.timeout(PATIENCE),
      credentials: "same-origin",
    });
    if (response.status === 200) said = await response.json();
  } catch {
    return lost();
  }
  if (response.status === 401) return end();
  if (!response.ok) return lost();
  if (failures) show("live", say("live"));
  failures = 0;
  reachedAt = new Date();
  if (said === null) return;
  version = said.version;
  changed(said);
}

function lost() {
  failures += 1;
  if (failures < 2) return; // a single lost answer is no news
  show("away", say("away", { time: clockTime(reachedAt) }));
}

function end() {
  stopped = true;
  show("signedOut", say("signedOut"));
  signIn.href = page.signIn;
  signIn.hidden = false;
}

/** What is shown changes with every state; what is spoken only when it is news. */
function show(kind, text) {
  if (line.dataset.kind === kind && kind === "live") return;
  const news = line.dataset.kind !== undefined && line.dataset.kind !== kind;
  line.hidden = false;
  line.dataset.kind = kind;
  words.textContent = text;
  if (news) announce(text);
}
