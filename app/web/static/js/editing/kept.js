// What was typed and is not saved yet, kept in this browser until it is. Knows the browser's storage, no request.

import { page } from "./page.js";

const key = (name) => `crm-maturity.draft.${page.draft}.${name}`;

/** Keep a text; tell whether the browser could. */
export function keep(name, text) {
  try {
    localStorage.setItem(key(name), JSON.stringify({ text, at: Date.now() }));
    return true;
  } catch {
    return false;
  }
}

export function drop(name) {
  try {
    localStorage.removeItem(key(name));
  } catch {
    // a browser without storage kept nothing
  }
}

/** Return what is kept of a file, {text, at}; null where nothing is. */
export function keptOf(name) {
  try {
    return JSON.parse(localStorage.getItem(key(name)));
  } catch {
    return null;
  }
}
