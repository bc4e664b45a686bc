// The pages of a respondent: what is chosen is sent at once, what cannot be sent waits on this device. The parts are
// those of the interview; addresses and words come with the page.

import { AnswerForm } from "../interview/answer-form.js";
import { drawCards, drawList } from "../interview/cards.js";
import { page, say } from "../interview/page.js";
import { Queue } from "../interview/queue.js";
import { Sender } from "../interview/sender.js";
import { StatusLine } from "../interview/status.js";
import { openStore } from "../interview/store.js";
import { tell, tellAgain } from "../interview/telling.js";
import { fetchAnswer } from "../interview/wire.js";

const PATIENCE_BEFORE_LEAVING = 600;

const root = document.querySelector("[data-answer]");
const form = root && new AnswerForm(root, page);
const queue = new Queue(await openStore(), page);
const sender = new Sender(queue, { saved, clashed, refused: drawTrouble });

const isMine = (entry) => form !== null && entry.element === form.element;

function begin() {
  for (const entry of queue.of(form.element)) form.show(entry.set);
  form.addEventListener("shown", askReason);
  form.addEventListener("change", ({ detail }) => {
    queue.add(form.element, detail.changes, form.version);
    sender.soon();
  });
  form.addEventListener("left", () => queue.next() && sender.now());
  form.watch();
}

function askReason() {
  const field = root.querySelector("[data-reason]");
  const wanted = form.known.state === "not-applicable";
  field.toggleAttribute("required", wanted);
  field.closest(".field").classList.toggle("field-wanted", wanted);
}

/** Take over what the server has now, except where this page holds something newer. */
async function refresh() {
  const answer = await fetchAnswer(form.element);
  if (!answer || answer.version < form.version) return;
  form.show({ reason: null, note: null, ...answer.said });
  for (const entry of queue.of(form.element)) form.show(entry.set);
  form.version = answer.version;
}

function saved(entry, outcome) {
  if (outcome.notice) tell(outcome.notice);
  if (!isMine(entry)) return;
  if (Object.keys(outcome.others).length) {
    form.show(outcome.others);
    for (const later of queue.of(entry.element)) form.show(later.set);
  }
  form.version = outcome.version;
}

async function clashed(entry) {
  if (isMine(entry)) await refresh();
}

const acts = {
  keepMine(entry) {
    queue.insist(entry);
    sender.now();
    form.focusScore();
  },
  takeTheirs(entry) {
    queue.letGo(entry);
    form.show(entry.problem.theirs);
    form.focusScore();
  },
  keepBoth(entry, words) {
    const note = [entry.set.note ?? form.read().note, words].filter(Boolean).join("\n");
    queue.insist(entry, { note });
    form.show({ note });
    sender.now();
    form.focusScore();
  },
  giveUp(entry) {
    queue.letGo(entry);
    refresh();
    form.focusScore();
  },
};

function drawTrouble() {
  const troubled = queue.entries.filter((entry) => entry.state !== "waiting");
  if (form) drawCards(root.querySelector("[data-cards]"), troubled.filter(isMine), acts);
  const list = document.querySelector("[data-trouble]");
  if (list) drawList(list, troubled);
}

/** Wait until what was chosen lies in the store, and a moment for it to reach the server. */
async function settled() {
  await queue.persisted;
  const pause = new Promise((resolve) => setTimeout(resolve, PATIENCE_BEFORE_LEAVING));
  await Promise.race([sender.now(), pause]);
}

function goingOn() {
  const go = async (direction) => {
    await settled();
    location.assign(page.addresses[direction]);
  };
  for (const button of document.querySelectorAll("[data-go]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      go(button.dataset.go);
    });
  }
  root?.addEventListener("submit", (event) => {
    event.preventDefault();
    go("next");
  });
}

/** Let a form that leaves the page go only when nothing that was chosen can be lost. */
function submitWhenSettled(leaving, mayGo = () => true) {
  let ready = false;
  leaving?.addEventListener("submit", async (event) => {
    if (ready) return;
    const { submitter } = event;
    event.preventDefault();
    await settled();
    if (!mayGo()) return;
    ready = true;
    leaving.requestSubmit(submitter);
  });
}

function unsent() {
  return new Set(queue.entries.map((entry) => entry.element)).size;
}

function leavingAndComingBack() {
  addEventListener("pagehide", () => sender.now({ leaving: true }));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") sender.now({ leaving: true });
    else if (queue.next()) sender.again();
  });
  addEventListener("online", () => sender.again());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
  addEventListener("beforeunload", (event) => {
    if (!queue.store.durable && queue.entries.length) event.preventDefault();
  });
  submitWhenSettled(document.querySelector("[data-locale-form]"));
  submitWhenSettled(document.querySelector("[data-leave-form]"), () => !unsent() || confirm(say("leaveUnsaved", { n: unsent() })));
  // what lies on this device is no part of what is handed in
  submitWhenSettled(document.querySelector("[data-submit-form]"), () => !unsent() || confirm(say("submitUnsent", { n: unsent() })));
}

/** Begin: nothing may be chosen over before what is unsent lies on the page. */
async function start() {
  await queue.load();
  if (form && performance.getEntriesByType("navigation")[0]?.type === "back_forward") await refresh();
  if (form) begin();
  document.documentElement.classList.add("scripted");
  for (const line of document.querySelectorAll("[data-saving]")) new StatusLine(line, queue, sender);
  queue.addEventListener("change", drawTrouble);
  drawTrouble();
  tellAgain();
  leavingAndComingBack();
  goingOn();
  document.documentElement.dataset.ready = "true";
  sender.now();
}

await start();
