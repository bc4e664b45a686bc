// On every page of a signed-in user: speaks in time before the sign-in ends, by idleness or for good, and prolongs it by
// a click. Asks the server first, because other tabs keep the same sign-in alive; asking does not prolong it.

const told = JSON.parse(document.getElementById("sign-in-ending").textContent);
const bar = document.querySelector("[data-ending]");
const part = (name) => bar.querySelector(`[data-ending-${name}]`);
const LONGEST_TIMER = 86_400; // seconds; timers of browsers end at 24 days
const AGAIN = 30;
const SLACK = 300; // a use is noted every five minutes: the server may know of an earlier one than this page
const PATIENCE = 8_000;

let timer;

function later(seconds) {
  clearTimeout(timer);
  timer = setTimeout(check, Math.min(Math.max(seconds, 1), LONGEST_TIMER) * 1000);
}

async function ask(method) {
  const headers = { Accept: "application/json", "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content };
  return fetch(told.address, { method, headers, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
}

async function check(method = "GET") {
  let response;
  try {
    response = await ask(method);
  } catch {
    later(AGAIN); // no network: what is typed waits in the page anyway
    return;
  }
  if (response.status === 401) show("over", 0);
  else if (response.ok) speak(await response.json());
  else later(AGAIN);
}

function speak({ idle, whole }) {
  const left = Math.min(idle, whole);
  if (left > told.before) {
    bar.hidden = true;
    later(left - told.before);
    return;
  }
  show(whole <= told.before ? "whole" : "idle", left);
  later(left > AGAIN ? AGAIN : left + 1);
}

function show(why, seconds) {
  part("words").textContent = told.texts[why].replace("{n}", Math.max(1, Math.ceil(seconds / 60)));
  part("stay").hidden = why !== "idle";
  part("again").hidden = why !== "whole";
  part("over").hidden = why !== "over";
  bar.hidden = false;
}

part("stay").addEventListener("click", () => check("POST"));
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && !bar.hidden) check();
});
later(Math.min(told.idle - told.before - SLACK, told.ends - Date.now() / 1000 - told.before));
