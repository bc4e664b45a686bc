// Asks what is wrong while somebody types, marks it in the text and lists it. An answer about a text that has changed
// since is dropped: only the last one counts.

import { make, one, page, say, speak } from "./page.js";
import { ask } from "./wire.js";

const PAUSE = 250;
const MOST_SHOWN = 100;

const withCode = (text) => text.split("`").map((part, number) => (number % 2 ? make("code", {}, part) : part));

export class Faults {
  constructor({ field, unsaved, judged, create }) {
    this.field = field;
    this.unsaved = unsaved;
    this.judged = judged;
    this.create = create;
    this.asked = 0;
    this.timer = null;
    this.linted = new Map();
    this.found = null;
    this.spoken = "";
    this.panel = document.querySelector("[data-panel=faults]");
  }

  /** Look again after a pause in typing. */
  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), PAUSE);
  }

  async look() {
    clearTimeout(this.timer);
    this.asked += 1;
    const number = this.asked;
    this.request?.abort();
    this.request = new AbortController();
    const docs = new Map(this.field.names.map((name) => [name, this.field.states.get(name).doc]));
    const { status, body } = await ask("POST", page.lint, { files: this.unsaved() }, { signal: this.request.signal });
    if (number !== this.asked || status === -1) return;
    if (status !== 200) {
      one("count").textContent = say("unchecked", { message: body.message ?? (status === 0 ? say("offline") : String(status)) });
      return;
    }
    const same = this.field.names.every((name) => docs.get(name)?.eq(this.field.states.get(name).doc));
    if (!same) {
      this.soon();
      return;
    }
    this.found = body;
    this.linted = docs;
    this.mark();
    this.list();
    this.judged(body);
  }

  mark() {
    for (const name of this.field.names) {
      const own = this.found.faults.filter((fault) => fault.file === name);
      this.field.mark(name, own.map((fault) => this.diagnostic(name, fault)).sort((a, b) => a.from - b.from));
    }
  }

  diagnostic(name, fault) {
    const from = this.field.offset(name, fault.line, fault.column);
    const to = Math.max(from, this.field.offset(name, fault.endLine, fault.endColumn));
    return {
      from,
      to,
      severity: fault.severity,
      message: fault.message,
      renderMessage: () => {
        const words = make("span", {}, `${fault.message} `, make("small", {}, fault.code));
        if (fault.hint) words.append(make("span", { class: "cm-fault-hint" }, say("mend"), ...withCode(fault.hint)));
        return words;
      },
      actions: fault.mends.map((mend) => ({ name: mend.label, apply: () => this.apply(fault.file, mend) })),
    };
  }

  /** Mend with one click; only what was found in the very text that stands there. */
  apply(name, mend) {
    if (!this.linted.get(name)?.eq(this.field.states.get(name).doc)) {
      this.look();
      return;
    }
    if (mend.file) this.create(mend.file);
    else this.field.mend(name, mend.changes, mend.cursor);
    speak(say("mended", { what: mend.label }));
  }

  list() {
    const { faults, errors, warnings } = this.found;
    const counts = [errors ? say("errors", { n: errors }) : say("noFaults"), warnings ? say("warnings", { n: warnings }) : null];
    const words = counts.filter(Boolean).join(" · ");
    one("count").textContent = words;
    one("count").classList.toggle("faulty", errors > 0);
    if (words !== this.spoken) speak(words);
    this.spoken = words;
    const files = [...new Set(faults.map((fault) => fault.file))];
    files.sort((a, b) => (b === this.field.name) - (a === this.field.name));
    const held = this.panel.contains(document.activeElement) ? document.activeElement.dataset.hold : null;
    const shown = faults.length ? files.map((name) => this.listOf(name, faults)) : [make("p", { class: "muted" }, say("noFaults"))];
    this.panel.replaceChildren(...shown);
    const more = errors + warnings - Math.min(faults.length, MOST_SHOWN * files.length);
    if (more > 0) this.panel.append(make("p", { class: "note" }, say("more", { n: more })));
    if (held) this.panel.querySelector(`[data-hold="${CSS.escape(held)}"]`)?.focus();
  }

  listOf(name, faults) {
    const own = faults.filter((fault) => fault.file === name).slice(0, MOST_SHOWN);
    const list = make("ol", { class: "fault-list", "aria-label": say("faultList", { file: name }) }, ...own.map((fault) => this.line(fault)));
    return make("section", {}, make("h3", { class: "fault-file" }, name), list);
  }

  line(fault) {
    const hold = `${fault.file}:${fault.line}:${fault.column}:${fault.code}`;
    const goto = make("button", { type: "button", class: "link", "data-hold": hold, onclick: () => this.field.goto(fault.file, fault.line, fault.column) }, say("line", { line: fault.line }));
    const head = make("p", {}, make("span", { class: "fault-kind" }, say(fault.severity)), " ", goto, " ", fault.message, " ", make("span", { class: "code" }, fault.code));
    const hint = fault.hint ? make("p", { class: "fault-hint" }, say("mend"), ...withCode(fault.hint)) : null;
    const mends = fault.mends.map((mend) => make("button", { type: "button", class: "secondary", onclick: () => this.apply(fault.file, mend) }, mend.label));
    return make("li", { class: `fault fault-${fault.severity}` }, head, hint, mends.length ? make("p", { class: "fault-mends" }, ...mends) : null);
  }
}
