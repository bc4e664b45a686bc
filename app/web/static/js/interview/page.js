// What the server told this page: addresses, keys, words. Knows no rule about saving.

const block = document.getElementById("interview-page");

export const page = block ? JSON.parse(block.textContent) : null;

/** Return one of the page's sentences with its {names} filled in. */
export function say(key, values = {}) {
  const text = page.texts[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Return a moment (ISO text) as hours and minutes for the reader. */
export function clockTime(moment) {
  const locale = page.locale === "en" ? "en-GB" : "zh-CN";
  return new Date(moment).toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit", hour12: false });
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
