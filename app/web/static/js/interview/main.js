// Every page of an interview: put the parts together. Unsent answers are laid over the page before anything else.

import { AnswerForm } from "./answer-form.js";
import { drawCards, drawList } from "./cards.js";
import { keysAreOn, listen, switchKeys } from "./keys.js";
import { showMeaning } from "./levels.js";
import { laidOver } from "./changes.js";
import { OfflinePanel } from "./download.js";
import { Known } from "./known.js";
import { drawMark } from "./marks.js";
import { page, say } from "./page.js";
import { watchPresence } from "./presence.js";
import { keepPlace, restorePlace, watchPlace } from "./place.js";
import { watchPrevious } from "./previous.js";
import { Queue } from "./queue.js";
import { Sender } from "./sender.js";
import { StatusLine } from "./status.js";
import { openStore } from "./store.js";
import { watchSuggested } from "./suggested.js";
import { Tabs } from "./tabs.js";
import { tell, tellAgain } from "./telling.js";
import { watchTree } from "./tree.js";
import { watchUpdates } from "./updates.js";
import { ask, fetchAnswer } from "./wire.js";

const PATIENCE_BEFORE_LEAVING = 400;

const forms = new Map([...document.querySelectorAll("[data-answer]")].map((root) => [root.dataset.answer, new AnswerForm(root, page)]));
const store = await openStore();
const tabs = new Tabs(page.interview);
const queue = new Queue(store, page, tabs);
const known = new Known(store, page);
const sender = new Sender(queue, { saved, clashed, refused });

/** Lay what was saved since this copy of the page, then unsent changes, over the form; then watch it. */
function begin(form) {
  const newer = known.of(form.element);
  if (newer && newer.version > form.version) {
    form.show(newer.said);
    form.version = newer.version;
  }
  for (const entry of queue.of(form.element)) form.show(entry.set);
  form.addEventListener("shown", () => {
    showMeaning(form);
    drawMark(form.element, form.known);
    askReason(form);
  });
  form.addEventListener("change", ({ detail }) => {
    queue.add(form.element, detail.changes, form.version);
    sender.soon();
  });
  form.addEventListener("left", () => queue.next() && sender.now());
  form.watch();
  watchPrevious(form);
  watchSuggested(form);
  listen(form, page.keys, { next: () => onward(form), previous: () => backward(form), help: openHelp });
}

function askReason(form) {
  const field = form.root.querySelector("[data-reason]");
  field.toggleAttribute("required", form.known.state === "not-applicable");
  field.closest(".field").classList.toggle("field-wanted", form.wantsReason);
}

/** Take over what the server has now, except where this page holds something newer. */
async function refresh(form) {
  const answer = await fetchAnswer(form.element);
  if (!answer || answer.version < form.version) return;
  form.show({ reason: null, note: null, confidence: null, ...answer.said });
  for (const entry of queue.of(form.element)) form.show(entry.set);
  form.version = answer.version;
}

function saved(entry, outcome) {
  if (outcome.notice) tell(outcome.notice);
  const shown = laidOver(entry.set, outcome.others);
  known.note(entry.element, outcome.version, shown);
  tabs.tell({ element: entry.element, id: entry.id, version: outcome.version, others: outcome.others, shown });
  const form = forms.get(entry.element);
  if (!form) return;
  if (Object.keys(outcome.others).length) {
    form.show(outcome.others);
    for (const later of queue.of(entry.element)) form.show(later.set);
  }
  form.version = outcome.version;
}

/** Another tab of this user has stored something: show it here and stand on it, so that nobody clashes with themselves. */
async function savedElsewhere({ detail }) {
  queue.storedElsewhere(detail);
  await queue.load();
  known.note(detail.element, detail.version, detail.shown);
  const form = forms.get(detail.element);
  if (form && detail.version > form.version) {
    form.show(detail.shown);
    for (const entry of queue.of(detail.element)) form.show(entry.set);
    form.version = detail.version;
  }
  if (!form) markOf(detail.element);
}

/** The mark of an element that is not open on this page, from what this device knows beyond the page. */
function markOf(element) {
  const newer = known.of(element);
  const said = queue.of(element).reduce((answer, entry) => laidOver(answer, entry.set), newer?.said ?? {});
  if (!Object.keys(said).length) return;
  const mark = document.querySelector(`[data-mark="${CSS.escape(element)}"]`);
  const untouched = mark?.matches(".mark-open, .mark-started");
  if ("state" in said || untouched) drawMark(element, { state: "open", ...said });
}

async function clashed(entry) {
  const form = forms.get(entry.element);
  if (form) await refresh(form);
}

function refused() {
  cards();
}

function cards() {
  const troubled = queue.entries.filter((entry) => entry.state !== "waiting");
  for (const form of forms.values()) {
    const place = form.root.querySelector("[data-cards]");
    drawCards(place, troubled.filter((entry) => entry.element === form.element), acts);
  }
  const list = document.querySelector("[data-trouble]");
  if (list) drawList(list, troubled.filter((entry) => !forms.has(entry.element)));
}

const acts = {
  keepMine(entry) {
    queue.insist(entry);
    sender.now();
    backToScore(entry);
  },
  takeTheirs(entry) {
    const form = forms.get(entry.element);
    queue.letGo(entry);
    form.show(entry.problem.theirs);
    backToScore(entry);
  },
  keepBoth(entry, words) {
    const form = forms.get(entry.element);
    const mine = entry.set.note ?? form.read().note;
    const note = [mine, words].filter(Boolean).join("\n");
    queue.insist(entry, { note });
    form.show({ note });
    sender.now();
    backToScore(entry);
  },
  giveUp(entry) {
    queue.letGo(entry);
    refresh(forms.get(entry.element));
    backToScore(entry);
  },
};

function backToScore(entry) {
  forms.get(entry.element).focusScore();
}

/** Previous, next and save buttons; Enter in a line of text. */
function goingOn() {
  for (const button of document.querySelectorAll("[data-go]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      go(button.dataset.go);
    });
  }
  for (const form of document.querySelectorAll("form:has([data-score])")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (page.addresses && document.activeElement?.matches("[data-reason]")) go("next");
      else sender.again();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && page.addresses) {
        event.preventDefault();
        go(event.shiftKey ? "previous" : "next");
      }
    });
  }
}

/** Save and go on: to the reason that is missing, else to the next element (its page, or the next form of a table). */
function onward(form) {
  if (form.wantsReason) {
    form.focusReason();
    return;
  }
  if (page.addresses) {
    go("next");
    return;
  }
  const all = [...forms.values()];
  all[all.indexOf(form) + 1]?.focusScore();
  sender.now();
}

/** Save and go back: to the page of the element before, or the form above in a table. */
function backward(form) {
  if (page.addresses) {
    go("previous");
    return;
  }
  const all = [...forms.values()];
  all[all.indexOf(form) - 1]?.focusScore();
  sender.now();
}

async function go(direction) {
  await settled();
  location.assign(page.addresses[direction]);
}

/** Wait until what was typed lies in the store, and a moment for it to reach the server. */
async function settled() {
  await queue.persisted;
  const pause = new Promise((resolve) => setTimeout(resolve, PATIENCE_BEFORE_LEAVING));
  await Promise.race([sender.now(), pause]);
}

/** Let a form that leaves the page go only when nothing typed can be lost. */
function submitWhenSettled(form) {
  let ready = false;
  form?.addEventListener("submit", async (event) => {
    if (ready) return;
    const { submitter } = event;
    event.preventDefault();
    keepPlace();
    await settled();
    if ((await ask()).name === "later") return alert(say("localeOffline"));
    ready = true;
    form.requestSubmit(submitter);
  });
}

function leavingAndComingBack() {
  addEventListener("pagehide", () => sender.now({ leaving: true }));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") sender.now({ leaving: true });
    else if (queue.next()) sender.again();
    else queue.load(); // another tab may have been closed with something unsent
  });
  addEventListener("online", () => sender.again());
  addEventListener("focus", () => sender.obstacle && sender.again());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  submitWhenSettled(document.querySelector("[data-locale-form]"));
  document.querySelector("[data-sign-out-form]")?.addEventListener("submit", askWhatNoStoreHolds, { capture: true });
  document.addEventListener("unsent-erased", () => queue.forget());
  addEventListener("beforeunload", (event) => {
    if (!queue.store.durable && queue.entries.length) event.preventDefault();
  });
}

/** What the store holds is asked about on every page; here what it could not take. */
function askWhatNoStoreHolds(event) {
  if (store.durable || !queue.entries.length || confirm(say("leaveOnPage", { n: queue.entries.length }))) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

function openHelp() {
  document.getElementById("keys-help")?.showModal();
}

function keyHelp() {
  document.querySelector("[data-keys-help]")?.addEventListener("click", openHelp);
  const toggle = document.querySelector("[data-keys-switch]");
  const draw = () => {
    const on = keysAreOn();
    document.documentElement.classList.toggle("keys-on", on);
    if (!toggle) return;
    toggle.setAttribute("aria-pressed", String(on));
    toggle.textContent = say(on ? "keysOn" : "keysOff");
  };
  toggle?.addEventListener("click", () => {
    switchKeys(!keysAreOn());
    draw();
  });
  draw();
}

/** Begin: nothing may be typed over before what is unsent lies on the page. */
async function start() {
  await Promise.all([queue.load(), known.load()]);
  if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") await Promise.all([...forms.values()].map(refresh));
  for (const form of forms.values()) begin(form);
  const touched = new Set([...known.elements, ...queue.entries.map((entry) => entry.element)]);
  for (const element of touched) if (!forms.has(element)) markOf(element);
  document.documentElement.classList.add("scripted");
  for (const root of document.querySelectorAll("[data-saving]")) new StatusLine(root, queue, sender);
  queue.addEventListener("change", cards);
  tabs.addEventListener("stored", savedElsewhere);
  cards();
  tellAgain();
  leavingAndComingBack();
  goingOn();
  keyHelp();
  watchPlace();
  watchTree();
  if (!restorePlace() && forms.size === 1) [...forms.values()][0].focusScore();
  document.documentElement.dataset.ready = "true";
  sender.now();
  withoutNetwork();
}

/** Where the user is: the element of this page, or the one of the table that has the focus. */
function where() {
  if (page.addresses) return [...forms.keys()][0] ?? null;
  return document.activeElement?.closest("[data-answer]")?.dataset.answer ?? null;
}

function withoutNetwork() {
  if (!document.querySelector("[data-presence]")) return;
  watchPresence(where);
  const watch = () => watchUpdates(store, settled).catch(() => {});
  watch();
  const panel = document.querySelector("[data-offline]");
  if (panel) new OfflinePanel(panel, store, onDownload).draw();

  /** From now on what is saved is noted for the copies, and new versions are told of. */
  function onDownload() {
    known.load();
    watch();
  }
}

await start();
