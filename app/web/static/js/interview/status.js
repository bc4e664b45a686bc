// The honest line. What is shown follows every save; what is spoken changes only when the situation does.

import { age, clockTime, copiedAt, dayAndTime, elementAddress, offline, page, say } from "./page.js";
import { exportUnsent } from "./exporting.js";

const SPOKEN = new Set(["saved", "waiting", "conflict", "refused", "signedOut", "closed", "missing", "forbidden", "otherUser", "onPage"]);
const STUCK = ["closed", "missing", "forbidden", "refused", "onPage", "signedOut"];
const OF_OBSTACLE = {
  "signed-out": "signedOut",
  "other-user": "otherUser",
  closed: "closed",
  missing: "missing",
  forbidden: "forbidden",
  later: "waiting",
};
const WORTH_TELLING = 60_000; // milliseconds; younger entries are said without their age

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
    this.export = root.querySelector("[data-saving-export]");
    this.retry.addEventListener("click", () => sender.again());
    this.export.addEventListener("click", () => exportUnsent(queue));
    this.#drawCopy(root.querySelector("[data-copy]"));
    root.hidden = false;
    for (const source of [queue, sender]) source.addEventListener("change", () => this.draw());
    setInterval(() => this.queue.entries.length && this.draw(), WORTH_TELLING); // ages grow
    this.draw();
  }

  #drawCopy(place) {
    const moment = copiedAt();
    place.hidden = !(moment && offline);
    if (!place.hidden) place.textContent = say("copy", { time: dayAndTime(moment) });
  }

  /** Draw the line anew from queue and sender. */
  draw() {
    const kind = this.#kindNow();
    const words = this.#wordsOf(kind);
    const shown = words + this.#ageNow(kind);
    if (this.words.textContent !== shown) this.words.textContent = shown;
    this.root.dataset.kind = kind;
    if (kind !== this.#kind) this.#turn(kind, words);
    this.#drawLink(kind);
    this.retry.hidden = !["waiting", "closed", "missing", "forbidden", "otherUser"].includes(kind);
    this.export.hidden = !(offline && this.queue.entries.length && (STUCK.includes(kind) || (kind === "waiting" && this.#ageNow(kind))));
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
    const own = this.#count(kind);
    if (kind === "waiting" && this.sender.full) return say("noRoom", { n: own });
    if (kind === "saved") return say("savedAt", { time: clockTime(this.sender.lastSaved ?? page.savedAt) });
    if (offline && kind === "otherUser" && own) return say("otherUserHere", { n: own });
    return say(kind, { n: kind === "otherUser" ? this.queue.strangers : own });
  }

  #ageNow(kind) {
    const { oldest } = this.queue;
    if (!offline || !oldest || kind === "saving" || Date.now() - new Date(oldest) < WORTH_TELLING) return "";
    return say("oldest", { age: age(oldest) });
  }

  #count(kind) {
    const state = kind === "conflict" || kind === "refused" ? kind : "waiting";
    return new Set(this.queue.in(state).map((entry) => entry.element)).size;
  }

  #drawLink(kind) {
    const entry = kind === "conflict" || kind === "refused" ? this.queue.in(kind)[0] : null;
    const here = entry && document.querySelector(`[data-answer="${CSS.escape(entry.element)}"]`);
    const signIn = kind === "signedOut";
    this.link.hidden = !(signIn || (entry && !here));
    if (this.link.hidden) return;
    this.link.textContent = signIn ? say("signIn") : say("show");
    this.link.href = signIn ? page.signIn : elementAddress(entry.element);
    this.link.target = signIn ? "_blank" : "";
  }
}
