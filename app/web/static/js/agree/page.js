// What the server told this page: where to ask for changes, words. Knows no rule.

export const page = JSON.parse(document.getElementById("agree-page").textContent);

/** Return one of the page's sentences with its {names} filled in. */
export function say(key, values = {}) {
  const text = page.texts[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Return a moment as hours and minutes for the reader. */
export function clockTime(moment) {
  const locale = page.locale === "en" ? "en-GB" : "zh-CN";
  return moment.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit", hour12: false });
}
