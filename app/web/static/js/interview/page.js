// What the server told this page: addresses, keys, words. Knows no rule about saving.

const told = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "null");

export const page = told("interview-page");

/** What the server told about working offline: version, addresses, words. */
export const offline = told("offline-page");

/** Return one of the page's sentences with its {names} filled in. */
export function say(key, values = {}) {
  const text = offline?.texts[key] ?? page.texts[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Return a moment (ISO text) as hours and minutes for the reader. */
export function clockTime(moment) {
  const locale = page.locale === "en" ? "en-GB" : "zh-CN";
  return new Date(moment).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit", hour12: false });
}

/** Return a moment as clock time, with the day when it was not today. */
export function dayAndTime(moment) {
  const date = new Date(moment);
  if (date.toDateString() === new Date().toDateString()) return clockTime(moment);
  const locale = page.locale === "en" ? "en-GB" : "zh-CN";
  return `${date.toLocaleDateString(locale, { day: "numeric", month: page.locale === "en" ? "short" : "numeric" })} ${clockTime(moment)}`;
}

/** Return how long ago a moment was, in words. */
export function age(moment) {
  const minutes = Math.floor((Date.now() - new Date(moment)) / 60_000);
  if (minutes < 60) return say("minutes", { n: Math.max(1, minutes) });
  return minutes < 48 * 60 ? say("hours", { n: Math.floor(minutes / 60) }) : say("days", { n: Math.floor(minutes / 1440) });
}

/** Return when the copy was made that a service worker served instead of the page; null for the page itself. */
export function copiedAt() {
  const timing = performance.getEntriesByType("navigation")[0]?.serverTiming ?? [];
  const copy = timing.find((entry) => entry.name === "copy");
  return copy ? copy.description : null;
}

/** Return the address of an element's page. */
export function elementAddress(element) {
  return page.element.replace("ELEMENT", encodeURIComponent(element));
}

/** Return the address to which an element's answer is sent. */
export function answerAddress(element) {
  return page.answers.replace("ELEMENT", encodeURIComponent(element));
}

/** Return a fresh mutation id. (crypto.randomUUID is missing on plain http, getRandomValues is not.) */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
