// Saves by itself, says honestly how far it is, and loses nothing: what is not saved stays in this browser, and of two
// windows that changed one file the later save is refused and both texts are shown.

import { keep, drop } from "./kept.js";
import { clockTime, one, page, say, speak } from "./page.js";
import { ask } from "./wire.js";

const PAUSE = 800;
const LONGEST = 5000;
const RETRIES = [2000, 5000, 10000, 30000];
const KEEPALIVE = 60000; // a browser sends no more than so many bytes while a page goes away

export class Saving {
  constructor({ field, conflict, saved }) {
    this.field = field;
    this.conflict = conflict;
    this.told = saved;
    this.stored = new Map(page.files.map(({ name, text }) => [name, text]));
    this.bases = new Map(page.files.map(({ name }) => [name, page.version]));
    this.held = new Set(); // files in conflict, or refused as they stand
    this.timer = null;
    this.since = null;
    this.failures = 0;
    this.busy = false;
    this.show("saved", { time: clockTime(new Date(page.savedAt)) });
    addEventListener("online", () => this.flush());
    addEventListener("pagehide", () => this.leave());
    addEventListener("beforeunload", (event) => {
      if (this.dirty().some((name) => !keep(name, this.field.textOf(name)))) event.preventDefault();
    });
    document.addEventListener("visibilitychange", () => (document.hidden ? this.flush() : this.refresh()));
    addEventListener("focus", () => this.refresh());
  }

  /** Return the names of files whose text is not what is stored. */
  dirty() {
    return this.field.names.filter((name) => this.field.textOf(name) !== this.stored.get(name));
  }

  /** Return the texts that the server does not have yet, by name. */
  unsaved() {
    return Object.fromEntries(this.dirty().map((name) => [name, this.field.textOf(name)]));
  }

  /** A file was changed: keep it here at once, save it after a pause. */
  changed(name) {
    const text = this.field.textOf(name);
    if (text === this.stored.get(name)) drop(name);
    else keep(name, text);
    if (!this.inConflict(name)) this.held.delete(name);
    this.since ??= Date.now();
    if (!this.failures) this.show("waiting");
    clearTimeout(this.timer);
    const pause = Math.max(0, Math.min(PAUSE, this.since + LONGEST - Date.now()));
    this.timer = setTimeout(() => this.flush(), this.failures ? RETRIES[0] : pause);
  }

  inConflict(name) {
    return this.conflict.over === name;
  }

  /** Save everything that is not stored yet. */
  async flush() {
    clearTimeout(this.timer);
    if (this.busy) return;
    this.busy = true;
    this.since = null;
    let went = true;
    for (const name of this.dirty().filter((one) => !this.held.has(one))) {
      went = await this.save(name);
      if (!went) break;
    }
    this.busy = false;
    const left = this.dirty().filter((name) => !this.held.has(name));
    if (went && left.length) this.timer = setTimeout(() => this.flush(), PAUSE);
  }

  async save(name) {
    const text = this.field.textOf(name);
    this.show("saving");
    const { status, body } = await ask("PUT", this.address(name), { text, version: this.bases.get(name) ?? 0 });
    if (status === 200) return this.done(name, text, body);
    if (status === 409) return this.refusedFor(name, body);
    if (status === 422 || status === 400 || status === 413) {
      this.held.add(name);
      this.show("refused", { message: body.message ?? String(status) }, "error");
      return true;
    }
    this.again(status);
    return false;
  }

  address(name) {
    return page.file.replace("NAME", encodeURIComponent(name));
  }

  done(name, text, body) {
    this.failures = 0;
    this.stored.set(name, text);
    this.bases.set(name, body.version);
    if (this.field.states.has(name) && this.field.textOf(name) === text) drop(name);
    if (!this.dirty().length) this.show("saved", { time: clockTime(new Date(body.savedAt)) });
    this.told(name);
    return true;
  }

  /** Another window was first: show both texts; nothing of this file is saved until somebody chose. */
  refusedFor(name, body) {
    this.held.add(name);
    this.show("conflict", {}, "error");
    this.conflict.show(name, { theirs: body.text, mine: this.field.textOf(name) }, (chosen) => {
      this.bases.set(name, body.version);
      if (body.text === null) this.stored.delete(name);
      else this.stored.set(name, body.text);
      this.held.delete(name);
      this.field.replace(name, chosen);
      this.flush().then(() => {
        if (this.dirty().length) return;
        drop(name);
        this.show("saved", { time: clockTime(new Date()) });
      });
    });
    return true;
  }

  again(status) {
    const wait = RETRIES[Math.min(this.failures, RETRIES.length - 1)];
    this.failures += 1;
    this.show(status === 401 || status === 403 ? "signedOut" : "offline", {}, "error");
    this.timer = setTimeout(() => this.flush(), wait);
  }

  /** Send what is left while the page goes away; it stays kept in this browser too. */
  leave() {
    for (const name of this.dirty().filter((one) => !this.held.has(one))) {
      const text = this.field.textOf(name);
      keep(name, text);
      if (new Blob([text]).size < KEEPALIVE) {
        ask("PUT", this.address(name), { text, version: this.bases.get(name) ?? 0 }, { keepalive: true });
      }
    }
  }

  /** Take over what another window saved of files that are not being changed here. */
  async refresh() {
    if (this.busy || this.conflict.over !== null || Date.now() - (this.refreshed ?? 0) < 1000) return;
    this.refreshed = Date.now();
    const before = new Set(this.dirty());
    const { status, body } = await ask("GET", page.state);
    if (status !== 200 || this.busy) return;
    if (this.failures && this.dirty().length) this.flush();
    for (const [name, text] of Object.entries(body.files)) {
      if (before.has(name) || this.dirty().includes(name)) continue;
      this.bases.set(name, body.version);
      if (this.stored.get(name) === text) continue;
      this.stored.set(name, text);
      if (this.field.states.has(name)) this.field.replace(name, text, { quietly: true });
      else this.field.add(name, text);
      this.told(name);
      speak(say("changedElsewhere", { file: name }));
    }
  }

  /** Make a file that is not there yet known, so that it is saved. */
  added(name) {
    this.bases.set(name, 0);
    this.changed(name);
  }

  /** Take a file out of the draft; tell whether it went. */
  async removed(name) {
    const { status, body } = await ask("DELETE", this.address(name), { version: this.bases.get(name) ?? 0 });
    if (status !== 200) {
      this.show(status === 409 ? "conflict" : "refused", { message: body.message ?? String(status) }, "error");
      return false;
    }
    this.stored.delete(name);
    drop(name);
    this.show("saved", { time: clockTime(new Date(body.savedAt)) });
    return true;
  }

  show(key, values = {}, mood = key) {
    const place = one("saving");
    place.hidden = false;
    place.dataset.mood = mood;
    one("saving-words").textContent = say(key, values);
    if (mood === "error" && this.mood !== key) speak(say(key, values));
    this.mood = key;
  }
}
