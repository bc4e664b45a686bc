// Unsent answers, in order. An entry leaves only when the server has stored it or the user has decided about it.
//
// entry: {id, user, interview, element, base, set, state, tried, order, problem, created, tab}
//   state waiting: to be sent. conflict: somebody stored something else (problem: {theirs, by, at, version}).
//   refused: the server does not accept it (problem: {messages}). An entry that was tried may have arrived: it is
//   never changed again, and whatever changes an entry gives it a new id, so that a repeated id always means the same.
//   tab: who sends it. A tab changes and sends its own entries alone; those of a closed tab go to the next one that looks.

import { isEmpty, laidOver, split } from "./changes.js";
import { newId } from "./page.js";
import { Tabs } from "./tabs.js";

export class Queue extends EventTarget {
  entries = [];
  strangers = 0;
  #order = 0;

  constructor(store, { user, interview }, tabs = new Tabs(interview)) {
    super();
    this.store = store;
    this.tabs = tabs;
    this.user = user;
    this.interview = interview;
  }

  /** Read what earlier pages left behind, and take over what nobody else will send. Never fails: see store.durable. */
  async load() {
    const adopted = await this.#read().catch(() => null);
    if (adopted === null) this.store.durable = false;
    this.#tell();
  }

  async #read() {
    await this.persisted;
    const alive = await this.tabs.alive();
    const stored = (await this.store.all()).filter((entry) => entry.interview === this.interview);
    const own = this.entries.filter((entry) => entry.tab === this.tabs.id);
    const mine = new Set(own.map((entry) => entry.id));
    const others = stored.filter((entry) => entry.user === this.user && entry.tab !== this.tabs.id && !mine.has(entry.id));
    const adopted = others.filter((entry) => !entry.tab || !alive?.has(entry.tab)).map((entry) => ({ ...entry, tab: this.tabs.id }));
    const taken = new Set(adopted.map((entry) => entry.id));
    this.strangers = stored.filter((entry) => entry.user !== this.user).length;
    this.entries = [...own, ...adopted, ...others.filter((entry) => !taken.has(entry.id))].sort((a, b) => a.order - b.order);
    this.#order = Math.max(0, ...this.entries.map((entry) => entry.order));
    if (adopted.length) this.#persist({ put: adopted });
    return adopted;
  }

  of(element) {
    return this.entries.filter((entry) => entry.element === element);
  }

  in(state) {
    return this.entries.filter((entry) => entry.state === state);
  }

  #own(element, state) {
    return this.of(element).filter((entry) => entry.state === state && entry.tab === this.tabs.id);
  }

  /** Take in what changed in one answer that stood at version `base`. */
  add(element, changes, base) {
    let rest = changes;
    for (const entry of this.#own(element, "conflict")) {
      const [same, others] = split(rest, entry.set);
      if (!isEmpty(same)) this.#replace(entry, { set: laidOver(entry.set, same) });
      rest = others;
    }
    for (const entry of this.#own(element, "refused")) {
      const [same, others] = split(rest, entry.set);
      if (isEmpty(same)) continue;
      rest = others;
      this.#replace(entry, { set: laidOver(entry.set, same), state: "waiting", problem: null, tried: false });
    }
    if (!isEmpty(rest)) this.#append(element, rest, base);
    this.#tell();
  }

  #append(element, changes, base) {
    const last = this.#own(element, "waiting").at(-1);
    if (last && !last.tried) {
      this.#replace(last, { set: laidOver(last.set, changes) });
      return;
    }
    this.#change({ put: [this.#entry(element, changes, last ? last.base : base)] });
  }

  #entry(element, set, base) {
    this.#order = Math.max(this.#order + 1, Date.now()); // also orders the entries of two tabs
    return {
      id: newId(),
      user: this.user,
      interview: this.interview,
      element,
      base,
      set,
      state: "waiting",
      tried: false,
      order: this.#order,
      problem: null,
      created: new Date().toISOString(),
      tab: this.tabs.id,
    };
  }

  /** Return what is to be sent next; the entries of one element always go in their order. */
  next() {
    return this.entries.find((entry) => entry.state === "waiting" && entry.tab === this.tabs.id) ?? null;
  }

  /** When the oldest entry was typed, null when there is none. */
  get oldest() {
    return this.entries.reduce((oldest, entry) => (!oldest || entry.created < oldest ? entry.created : oldest), null);
  }

  /** Note that an entry is on its way: from now on it stays as it is. */
  markTried(entry) {
    if (!entry.tried) this.#update(entry, { tried: true });
  }

  /**
   * The server has stored an entry: later ones about the same answer now stand on its version. Not so the fields that
   * others changed meanwhile: those keep their base, so that the server can tell that two people changed them.
   */
  stored(entry, version, others = {}) {
    this.#rebase(entry.element, version, others, [entry.id]);
  }

  /** The same for an answer that another tab of this user has stored. */
  storedElsewhere({ element, id, version, others }) {
    this.#rebase(element, version, others, [id]);
  }

  #rebase(element, version, others, remove) {
    const gone = [...remove];
    const put = [];
    for (const later of this.#own(element, "waiting").filter((one) => !gone.includes(one.id))) {
      const [disputed, free] = split(later.set, others);
      if (isEmpty(disputed)) {
        put.push({ ...later, base: Math.max(later.base, version) });
        continue;
      }
      gone.push(later.id);
      put.push({ ...later, id: newId(), set: disputed, tried: false });
      if (!isEmpty(free)) put.push(this.#entry(later.element, free, version));
    }
    this.#change({ remove: gone, put });
    this.#tell();
  }

  /** The server holds something else: keep the fields that clash for the user to decide, send the rest on. */
  clashed(entry, { version, theirs, by, at }) {
    const [clashing, rest] = split(entry.set, theirs);
    const problem = { theirs, by, at, version };
    const put = [{ ...entry, id: newId(), set: clashing, state: "conflict", problem, tried: false }];
    if (!isEmpty(rest)) put.push(this.#entry(entry.element, rest, version));
    this.#change({ remove: [entry.id], put });
    this.#tell();
  }

  /** The server does not accept some fields: keep them with the reason, send the rest on. */
  refused(entry, faults) {
    const faulty = {};
    for (const fault of faults) {
      const [name, key] = fault.field.split(".");
      if (name === "score" || name === "state") Object.assign(faulty, { score: true, state: true });
      else if (key && entry.set[name]) faulty[name] = { ...faulty[name], [key]: true };
      else faulty[name] = entry.set[name] ?? true;
    }
    let [bad, rest] = split(entry.set, faulty);
    if (isEmpty(bad)) [bad, rest] = [entry.set, {}];
    const problem = { messages: faults.map((fault) => fault.message) };
    const put = [{ ...entry, id: newId(), set: bad, state: "refused", problem, tried: false }];
    if (!isEmpty(rest)) put.push(this.#entry(entry.element, rest, entry.base));
    this.#change({ remove: [entry.id], put });
    this.#tell();
  }

  /** Send a conflict's own values again, on top of what the server holds, with `extra` changes beside them. */
  insist(entry, extra = {}) {
    const { version } = entry.problem;
    this.#replace(entry, {
      set: laidOver(entry.set, extra),
      base: version,
      state: "waiting",
      problem: null,
      tried: false,
    });
    this.#tell();
  }

  /** Forget everything: what was here is erased on this device. */
  forget() {
    this.entries = [];
  }

  /** Let go of an entry because its user said so. */
  letGo(entry) {
    this.#change({ remove: [entry.id] });
    this.#tell();
  }

  #replace(entry, values) {
    this.#change({ remove: [entry.id], put: [{ ...entry, ...values, id: newId() }] });
  }

  #update(entry, values) {
    Object.assign(entry, values);
    this.#persist({ put: [entry] });
  }

  #change({ put = [], remove = [] }) {
    const gone = new Set([...remove, ...put.map((entry) => entry.id)]);
    this.entries = [...this.entries.filter((entry) => !gone.has(entry.id)), ...put].sort((a, b) => a.order - b.order);
    this.#persist({ put, remove });
  }

  #persist(change) {
    this.persisted = this.store.change(change).catch(() => {
      this.store.durable = false; // said in the status line: what is unsent now lives on this page only
      this.#tell();
    });
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}
