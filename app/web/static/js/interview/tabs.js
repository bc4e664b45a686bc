// Several tabs of one browser on the same interview: each tells the others what was stored, so that nobody conflicts
// with themselves, and only one sends what a closed tab left behind.

import { newId } from "./page.js";

const lockOf = (tab) => `interview-tab-${tab}`;

export class Tabs extends EventTarget {
  /** This tab's id; it is alive as long as it holds the lock of that name. */
  id = newId();
  #channel = null;

  constructor(interview) {
    super();
    navigator.locks?.request(lockOf(this.id), () => new Promise(() => {}));
    if (!("BroadcastChannel" in globalThis)) return;
    this.#channel = new BroadcastChannel(`interview-${interview}`);
    this.#channel.addEventListener("message", ({ data }) => {
      if (data.kind === "stored") this.dispatchEvent(new CustomEvent("stored", { detail: data }));
    });
  }

  /** Tell the other tabs that an entry is stored: `shown` is what their pages should show now. */
  tell({ element, id, version, others, shown }) {
    this.#channel?.postMessage({ kind: "stored", element, id, version, others, shown });
  }

  /** Return the ids of tabs that are open; null where the browser cannot tell (then every entry is everybody's). */
  async alive() {
    if (!navigator.locks?.query) return null;
    const { held = [], pending = [] } = await navigator.locks.query();
    const prefix = lockOf("");
    return new Set([...held, ...pending].map((lock) => lock.name).filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length)));
  }
}
