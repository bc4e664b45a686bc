// Talking to the server about answers. Every outcome has a name; nothing is decided here about what is kept. Only what
// has the shape of our server's words counts: a hotel's sign-in page also answers with status 200.

import { answerAddress, offline, page } from "./page.js";

const PATIENCE = 20_000;
const NAMES = { 200: "saved", 401: "signed-out", 403: "forbidden", 404: "missing", 409: "conflict", 422: "refused", 423: "closed" };

let token = document.querySelector("meta[name=csrf-token]")?.content ?? "";

/** Send one entry. Returns {name, ...what the server said}; `later` when it has to be tried again (`full`: no room there). */
export async function send(entry, { keepalive = false } = {}) {
  const outcome = await put(entry, keepalive);
  if (outcome.name !== "stale-token") return outcome;
  const who = await ask();
  if (who.name !== "here") return who;
  const second = await put(entry, keepalive);
  return second.name === "stale-token" ? { name: "later" } : second;
}

async function put(entry, keepalive) {
  const body = JSON.stringify({ mutation_id: entry.id, base_version: entry.base, set: entry.set });
  let response;
  try {
    response = await fetch(answerAddress(entry.element), {
      method: "PUT",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body,
      keepalive: keepalive && body.length < 60_000, // browsers refuse larger ones
      signal: AbortSignal.timeout(PATIENCE),
      credentials: "same-origin",
    });
  } catch {
    return { name: "later" };
  }
  const said = await response.json().catch(() => null);
  if (response.status === 401) return { name: "signed-out" };
  if (response.redirected || !isOurs(response.status, said)) return { name: "later" };
  if (response.status === 400 && said.error === "csrf") return { name: "stale-token" };
  if (response.status === 404 && said.error === "no-element") return { name: "refused", faults: [{ field: "", message: said.message }] };
  if (response.status === 507) return { name: "later", full: true }; // the server's disk has no room
  const name = NAMES[response.status];
  if (name) return { ...said, name };
  return response.status >= 500 || response.status === 429 || response.status === 408
    ? { name: "later" }
    : { name: "refused", faults: [{ field: "", message: said.message ?? String(response.status) }] };
}

function isOurs(status, said) {
  if (said === null || typeof said !== "object") return false;
  if (status === 200) return Number.isInteger(said.version);
  if (status === 409) return Number.isInteger(said.version) && typeof said.theirs === "object";
  if (status === 422) return Array.isArray(said.faults);
  return "error" in said;
}

/** Ask who is signed in here and take a fresh token: `here`, `signed-out`, `other-user`, `forbidden` or `later`. */
export async function ask() {
  return outcomeOf(await asked(page.ping));
}

/**
 * Say that this page is open at `element`, and hear who else is in the interview: as `ask`, with `editors` where known.
 */
export async function ping(element) {
  const response = await asked(offline.ping, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ element }),
  });
  return outcomeOf(response);
}

async function asked(address, options = {}) {
  try {
    const response = await fetch(address, { ...options, signal: AbortSignal.timeout(PATIENCE), credentials: "same-origin", cache: "no-store" });
    const said = await response.json().catch(() => null);
    return { status: response.status, said };
  } catch {
    return { status: 0, said: null };
  }
}

function outcomeOf({ status, said }) {
  if (status === 401) return { name: "signed-out" };
  const hasWords = said !== null && typeof said === "object";
  if (hasWords && "error" in said) {
    if (status === 403) return { name: "forbidden" };
    if (status === 404) return { name: "missing" };
  }
  if (status !== 200 || !hasWords || typeof said.csrf !== "string") return { name: "later" };
  token = said.csrf;
  return { name: said.user === page.user ? "here" : "other-user", who: said.name, editors: said.editors ?? null };
}

/** Return an answer as the server has it now, null when it cannot be had. */
export async function fetchAnswer(element) {
  const { status, said } = await asked(answerAddress(element));
  return status === 200 && Number.isInteger(said?.version) ? said : null;
}
