// Talking to the server about answers. Every outcome has a name; nothing is decided here about what is kept.

import { answerAddress, page } from "./page.js";

const PATIENCE = 20_000;
const NAMES = { 200: "saved", 401: "signed-out", 403: "forbidden", 404: "missing", 409: "conflict", 422: "refused", 423: "closed" };

let token = document.querySelector("meta[name=csrf-token]")?.content ?? "";

/** Send one entry. Returns {name, ...what the server said}; `later` when it has to be tried again. */
export async function send(entry, { keepalive = false } = {}) {
  const outcome = await put(entry, keepalive);
  if (outcome.name !== "stale-token") return outcome;
  const who = await ask();
  if (who.name !== "here") return who;
  return put(entry, keepalive);
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
  const said = await response.json().catch(() => ({}));
  if (response.status === 400 && said.error === "csrf") return { name: "stale-token" };
  const name = NAMES[response.status];
  if (name) return { ...said, name };
  return response.status >= 500 || response.status === 429 || response.status === 408
    ? { name: "later" }
    : { name: "refused", faults: [{ field: "", message: said.message ?? String(response.status) }] };
}

/** Ask who is signed in here and take a fresh token: `here`, `signed-out`, `other-user`, `forbidden` or `later`. */
export async function ask() {
  try {
    const response = await fetch(page.ping, { signal: AbortSignal.timeout(PATIENCE), credentials: "same-origin" });
    if (response.status === 401) return { name: "signed-out" };
    if (response.status === 403) return { name: "forbidden" };
    if (!response.ok) return { name: "later" };
    const who = await response.json();
    token = who.csrf;
    return { name: who.user === page.user ? "here" : "other-user" };
  } catch {
    return { name: "later" };
  }
}

/** Return an answer as the server has it now, null when it cannot be had. */
export async function fetchAnswer(element) {
  try {
    const response = await fetch(answerAddress(element), { signal: AbortSignal.timeout(PATIENCE) });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
