// Every page of an interview: put the parts together. Unsent answers are laid over the page before anything else.

import { AnswerForm } from "./answer-form.js";
import { drawCards, drawList } from "./cards.js";
import { keysAreOn, listen, switchKeys } from "./keys.js";
import { showMeaning } from "./levels.js";
import { drawMark } from "./marks.js";
import { page, say } from "./page.js";
import { keepPlace, restorePlace, watchPlace } from "./place.js";
import { Queue } from "./queue.js";
import { Sender } from "./sender.js";
import { StatusLine } from "./status.js";
import { openStore } from "./store.js";
import { fetchAnswer } from "./wire.js";

const PATIENCE_BEFORE_LEAVING = 400;

const forms = new Map([...document.querySelectorAll("[data-answer]")].map((root) => [root.dataset.answer, new AnswerForm(root, page)]));
const queue = new Queue(await openStore(), page);
const sender = new Sender(queue, { saved, clashed, refused });

/** Lay unsent changes over the form, then watch it. */
function begin(form) {
  for (const entry of queue.of(form.element)) form.show(entry.set);
  form.addEventListener("shown", () => {
    showMeaning(form, page.sentences);
    drawMark(form.element, form.known);
    askReason(form);
  });
  form.addEventListener("change", ({ detail }) => {
    queue.add(form.element, detail.changes, form.version);
    sender.soon();
  });
  form.addEventListener("left", () => queue.next() && sender.now());
  form.watch();
  listen(form, page.keys, { next: () => onward(form), help: openHelp });
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
  const form = forms.get(entry.element);
  if (!form) return;
  if (Object.keys(outcome.others).length) {
    form.show(outcome.others);
    for (const later of queue.of(entry.element)) form.show(later.set);
  }
  form.version = outcome.version;
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
        go("next");
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
    ready = true;
    form.requestSubmit(submitter);
  });
}

function leavingAndComingBack() {
  addEventListener("pagehide", () => sender.now({ leaving: true }));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") sender.now({ leaving: true });
    else if (queue.next()) sender.again();
  });
  addEventListener("online", () => sender.again());
  addEventListener("focus", () => sender.obstacle && sender.again());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  submitWhenSettled(document.querySelector("[data-locale-form]"));
  document.querySelector("[data-sign-out-form]")?.addEventListener("submit", (event) => {
    const n = new Set(queue.entries.map((entry) => entry.element)).size;
    if (n && !confirm(say("leaveUnsaved", { n }))) event.preventDefault();
  });
  addEventListener("beforeunload", (event) => {
    if (!queue.store.durable && queue.entries.length) event.preventDefault();
  });
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
  await queue.load();
  if (performance.getEntriesByType("navigation")[0]?.type === "back_forward") await Promise.all([...forms.values()].map(refresh));
  for (const form of forms.values()) begin(form);
  for (const entry of queue.entries) if (!forms.has(entry.element)) drawMark(entry.element, { ...entry.set, state: entry.set.state ?? "open" });
  document.documentElement.classList.add("scripted");
  for (const root of document.querySelectorAll("[data-saving]")) new StatusLine(root, queue, sender);
  queue.addEventListener("change", cards);
  cards();
  leavingAndComingBack();
  goingOn();
  keyHelp();
  watchPlace();
  if (!restorePlace() && forms.size === 1) [...forms.values()][0].focusScore();
  document.documentElement.dataset.ready = "true";
  sender.now();
}

await start();
