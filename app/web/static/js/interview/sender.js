// Sends the queue, one request at a time, until it is empty or something stands in the way; then tries again later.

import { ask, send } from "./wire.js";

const QUIET = 400; // milliseconds after the last change before it is sent
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 300_000;
export const BLOCKS = ["signed-out", "forbidden", "closed", "other-user", "missing"];

export class Sender extends EventTarget {
  /** What stands in the way: null, "later" (no connection), or one of BLOCKS. */
  obstacle = null;
  /** Whether the server said that it has no room, the last time that it was `later`. */
  full = false;
  busy = false;
  lastSaved = null;
  #timer = null;
  #wait = FIRST_WAIT;
  #leaving = false;

  constructor(queue, outcomes) {
    super();
    this.queue = queue;
    this.outcomes = outcomes;
  }

  /** Something changed: send it when the user has paused. */
  soon() {
    if (this.obstacle === "later" && this.#timer) return;
    this.#schedule(QUIET);
  }

  /** Send what there is at once (blur, Enter, a click on retry, the connection is back). */
  now({ leaving = false } = {}) {
    this.#leaving = leaving;
    clearTimeout(this.#timer);
    this.#timer = null;
    return this.#run();
  }

  /** Look again whether what stood in the way is gone. */
  async again() {
    this.#wait = FIRST_WAIT;
    if (BLOCKS.includes(this.obstacle)) {
      const who = await ask();
      this.#hinder(who.name === "here" ? null : who.name);
      if (who.name !== "here") return;
    }
    await this.now();
  }

  #schedule(delay) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.now(), delay);
  }

  async #run() {
    if (this.busy || BLOCKS.includes(this.obstacle)) return;
    this.busy = true;
    try {
      if (this.obstacle === "later" && this.queue.next() && !(await this.#reached())) return;
      await alone(this.queue.interview, () => this.#drain());
    } finally {
      this.busy = false;
      this.#tell();
    }
  }

  /** After a failure: is it our server that answers, and for the same user? (What the browser says is not asked.) */
  async #reached() {
    const who = await ask();
    if (who.name === "later") this.#waitLonger();
    this.#hinder(who.name === "here" ? null : who.name);
    return who.name === "here";
  }

  #waitLonger() {
    this.#schedule(this.#wait);
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
  }

  async #drain() {
    for (let entry = this.queue.next(); entry; entry = this.queue.next()) {
      this.queue.markTried(entry);
      this.#tell();
      const outcome = await send(entry, { keepalive: this.#leaving });
      if (!this.#settle(entry, outcome)) return;
    }
  }

  #settle(entry, outcome) {
    switch (outcome.name) {
      case "saved":
        this.#hinder(null);
        this.#wait = FIRST_WAIT;
        this.lastSaved = outcome.at;
        this.queue.stored(entry, outcome.version, outcome.others);
        this.outcomes.saved(entry, outcome);
        return true;
      case "conflict":
        this.#hinder(null);
        this.queue.clashed(entry, outcome);
        this.outcomes.clashed(entry, outcome);
        return true;
      case "refused":
        this.#hinder(null);
        this.queue.refused(entry, outcome.faults);
        this.outcomes.refused(entry, outcome);
        return true;
      case "later":
        this.full = outcome.full === true;
        this.#hinder("later");
        this.#waitLonger();
        return false;
      default:
        this.#hinder(outcome.name);
        return false;
    }
  }

  #hinder(obstacle) {
    this.obstacle = obstacle;
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}

/** Do something while no other tab of this browser does it for the same interview (where browsers have locks). */
function alone(interview, work) {
  return navigator.locks ? navigator.locks.request(`interview-${interview}`, work) : work();
}
