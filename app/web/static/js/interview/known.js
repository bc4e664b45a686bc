// What was saved since a page was copied for offline use. A copy is stale by nature: opened offline it would show an
// answer as it was, and the next change would clash with one's own last one.

import { laidOver } from "./changes.js";

export class Known {
  #records = new Map();

  constructor(store, { user, interview }) {
    this.store = store;
    this.user = user;
    this.interview = interview;
    this.wanted = false;
  }

  /** Read what earlier pages saved. Only downloaded interviews are noted: nothing else is kept on a device. */
  async load() {
    const downloads = await this.store.list("downloads").catch(() => []);
    this.wanted = downloads.some((one) => one.interview === this.interview && one.user === this.user);
    const all = await this.store.list("known").catch(() => []);
    for (const record of all) {
      if (record.interview === this.interview && record.user === this.user) this.#records.set(record.element, record);
    }
  }

  get elements() {
    return [...this.#records.keys()];
  }

  /** Return {version, said} of an element, null when nothing is noted. */
  of(element) {
    return this.#records.get(element) ?? null;
  }

  /** Note what an answer says at a version. */
  note(element, version, said) {
    if (!this.wanted) return;
    const before = this.of(element);
    if (before && before.version > version) return;
    const record = {
      key: `${this.interview}/${element}`,
      interview: this.interview,
      user: this.user,
      element,
      version,
      said: laidOver(before?.said ?? {}, said),
    };
    this.#records.set(element, record);
    this.store.change({ table: "known", put: [record] }).catch(() => {});
  }
}
