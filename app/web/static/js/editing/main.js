// The editor's page: puts the field, the faults, saving, the preview and the files together.

import { completions, explained, explanation, explanations } from "./completing.js";
import { Conflict } from "./conflict.js";
import { Faults } from "./faults.js";
import { Field } from "./field.js";
import { Files } from "./files.js";
import { drop, keptOf } from "./kept.js";
import { clockTime, make, one, page, say } from "./page.js";
import { idAround, whereDefined } from "./place.js";
import { Preview } from "./preview.js";
import { Saving } from "./saving.js";

const desk = document.querySelector(".editing-desk");
const parts = {};
const field = new Field(one("editor"), {
  files: [...page.files].sort((a, b) => (b.name === page.first) - (a.name === page.first)),
  on: {
    changed: (name) => {
      parts.saving?.changed(name);
      parts.faults?.soon();
    },
    moved: () => moved(),
    save: () => parts.saving.flush(),
  },
  words: { label: (name) => say("editor", { file: name }), help: one("help").textContent.replace(/\s+/g, " ").trim(), phrases: page.phrases },
  sources: { complete: completions({ current: () => field.name, files: () => field.texts() }), hover: explanations(() => field.name) },
});

let around = null;

function moved() {
  if (!parts.preview) return;
  const { line, column } = field.position();
  one("position").textContent = say("position", { line, column });
  const found = explained(field.view.state.doc, line, field.name);
  one("key").textContent = found ? explanation(found) : "";
  const id = idNow();
  if (id !== around) {
    around = id;
    parts.preview.moved();
  }
}

const idNow = () => idAround(field.view.state.doc.toString().split("\n"), field.position().line - 1);

function goto(id) {
  const order = [field.name, ...field.names];
  for (const name of order) {
    const at = whereDefined(field.states.get(name).doc.toString(), id);
    if (at < 0) continue;
    const line = field.states.get(name).doc.lineAt(at);
    if (name !== field.name) parts.files.open(name);
    field.goto(name, line.number, at - line.from + 1);
    return;
  }
}

/** Offer what this browser kept of an earlier visit and the server never got. */
function offerKept() {
  for (const { name, text } of page.files) {
    const kept = keptOf(name);
    if (!kept || kept.text === text) {
      drop(name);
      continue;
    }
    const notice = make("div", { class: "notice notice-warning" }, make("p", {}, say("keptFound", { file: name, time: clockTime(new Date(kept.at)) })));
    const done = () => notice.remove();
    const use = () => {
      parts.files.open(name);
      field.replace(name, kept.text);
      done();
    };
    notice.append(
      make("p", { class: "form-actions" }, make("button", { type: "button", onclick: use }, say("useKept")), make("button", { type: "button", class: "secondary", onclick: () => (drop(name), done()) }, say("dropKept"))),
    );
    one("kept").append(notice);
  }
}

parts.conflict = new Conflict({ desk, phrases: page.phrases });
parts.saving = new Saving({ field, conflict: parts.conflict, saved: () => parts.files?.draw() });
parts.files = new Files({ field, saving: parts.saving, opened: () => parts.faults.found && parts.faults.list() });
parts.preview = new Preview({ unsaved: () => parts.saving.unsaved(), at: idNow, goto });
parts.faults = new Faults({
  field,
  unsaved: () => parts.saving.unsaved(),
  create: (name) => parts.files.create(name),
  judged: (found) => {
    parts.files.draw(found);
    parts.preview.judged(found);
  },
});
one("plain").remove();
for (const name of ["editor", "foot", "help"]) one(name).hidden = false;
desk.classList.add("scripted");
offerKept();
if (page.line > 1) field.goto(page.first, page.line, 1);
moved();
parts.faults.look();
document.documentElement.dataset.editing = "ready";
