// The honest line. What is shown follows every save; what is spoken changes only when the situation does.

import { clockTime, elementAddress, page, say } from "./page.js";

const SPOKEN = new Set(["saved", "waiting", "conflict", "refused", "signedOut", "closed", "forbidden", "otherUser", "onPage"]);
const OF_OBSTACLE = {
  "signed-out": "signedOut",
  "other-user": "otherUser",
  closed: "closed",
  missing: "closed",
  forbidden: "forbidden",
  later: "waiting",
};

export class StatusLine {
  #kind = null;

  constructor(root, queue, sender) {
    this.root = root;
    this.queue = queue;
    this.sender = sender;
    this.words = root.querySelector("[data-saving-words]");
    this.spoken = root.querySelector("[data-saving-spoken]");
    this.retry = root.querySelector("[data-saving-retry]");
    this.link = root.querySelector("[data-saving-link]");
    this.retry.addEventListener("click", () => sender.again());
    root.hidden = false;
    for (const source of [queue, sender]) source.addEventListener("change", () => this.draw());
    this.draw();
  }

  /** Draw the line anew from queue and sender. */
  draw() {
    const kind = this.#kindNow();
    const words = this.#wordsOf(kind);
    if (this.words.textContent !== words) this.words.textContent = words;
    this.root.dataset.kind = kind;
    if (kind !== this.#kind) this.#turn(kind, words);
    this.#drawLink(kind);
    this.retry.hidden = !["waiting", "closed", "forbidden", "otherUser"].includes(kind);
  }

  #turn(kind, words) {
    // "saving" between two "saved" is not worth hearing fifty times
    if (SPOKEN.has(kind) && this.spoken.dataset.kind !== kind) {
      this.spoken.textContent = kind === "saved" ? say("saved") : words;
      this.spoken.dataset.kind = kind;
    }
    this.#kind = kind;
  }

  #kindNow() {
    const waiting = this.queue.in("waiting").length;
    if (waiting && this.sender.obstacle) return OF_OBSTACLE[this.sender.obstacle];
    if (waiting && !this.queue.store.durable && !this.sender.busy) return "onPage";
    if (this.queue.in("conflict").length) return "conflict";
    if (this.queue.in("refused").length) return "refused";
    if (waiting) return "saving";
    if (this.queue.strangers) return "otherUser";
    return this.sender.lastSaved ?? page.savedAt ? "saved" : "idle";
  }

  #wordsOf(kind) {
    const n = kind === "otherUser" ? this.queue.strangers : this.#count(kind);
    if (kind === "saved") return say("savedAt", { time: clockTime(this.sender.lastSaved ?? page.savedAt) });
    return say(kind, { n });
  }

  #count(kind) {
    const state = kind === "conflict" || kind === "refused" ? kind : "waiting";
    return new Set(this.queue.in(state).map((entry) => entry.element)).size;
  }

  #drawLink(kind) {
    const entry = kind === "conflict" || kind === "refused" ? this.queue.in(kind)[0] : null;
    const here = entry && document.querySelector(`[data-answer="${CSS.escape(entry.element)}"]`);
    this.link.hidden = !(kind === "signedOut" || (entry && !here));
    if (this.link.hidden) return;
    this.link.textContent = kind === "signedOut" ? say("signIn") : say("show");
    this.link.href = kind === "signedOut" ? page.signIn : elementAddress(entry.element);
    this.link.target = kind === "signedOut" ? "_blank" : "";
  }
}
