// What the server told this page: files, addresses, words. Knows no rule.

export const page = JSON.parse(document.getElementById("editing-page").textContent);

/** Return one of the page's sentences with its {names} filled in. */
export function say(key, values = {}) {
  const text = page.texts[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** Return a moment as the reader writes the time. */
export function clockTime(moment) {
  const locale = page.locale === "en" ? "en-GB" : "zh-CN";
  return moment.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
}

/** Return an element with its attributes and children; text is never taken for HTML. */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export const one = (name) => document.querySelector(`[data-${name}]`);

/** Say something to a screen reader. */
export function speak(words) {
  one("spoken").textContent = words;
}
