// One answer as it stands in the page: read, shown, and watched for what its user changes. Knows no server.

import { difference, isEmpty, laidOver } from "./changes.js";
import { readParts, writePart } from "./level-parts.js";
import { say } from "./page.js";

const LEFT_OUT = ["not-applicable", "unknown"];

const isTicked = (input) => input.type === "radio" || input.type === "checkbox";
const asItStands = (input) => (isTicked(input) ? input.checked : input.value);

/** What the server drew, before anything was typed. */
function asDrawn(input) {
  if (input.tagName === "SELECT") return [...input.options].find((option) => option.defaultSelected)?.value ?? "";
  return isTicked(input) ? input.defaultChecked : input.defaultValue;
}

export class AnswerForm extends EventTarget {
  /** `grid`: every score as the server writes it; `stride`: how many steps lie between two coarse radios. */
  constructor(root, { grid, stride }) {
    super();
    this.root = root;
    this.element = root.dataset.answer;
    this.grid = grid;
    this.stride = stride;
    this.scale = root.querySelector("[data-score]");
    this.#version = Number(root.dataset.version);
    this.known = this.#read(asDrawn);
  }

  #version;

  get version() {
    return this.#version;
  }

  set version(version) {
    this.#version = version;
    this.root.dataset.version = String(version);
    const hidden = this.#field("version");
    if (hidden) hidden.value = String(version);
    this.#tell("stored");
  }

  get locked() {
    return this.scale.disabled;
  }

  /** Begin to watch; what was typed before the script was there counts too. */
  watch() {
    for (const kind of ["input", "change"]) this.root.addEventListener(kind, (event) => this.#touched(event));
    this.root.addEventListener("focusout", (event) => {
      // an arrow key goes through the radios of a group: that is one answer being chosen, not many given
      if (!event.relatedTarget?.name || event.relatedTarget.name !== event.target.name) this.#tell("left");
    });
    this.#offer("[data-adopt]", () => this.choose(this.root.querySelector("[data-suggested-score]").textContent));
    this.#offer("[data-strength-adopt]", () => this.#grade("evidence_strength", String(this.suggestedStrength)));
    this.#press("[data-clear]", () => this.clear());
    for (const button of this.root.querySelectorAll("[data-unset]")) {
      this.#press(`[data-unset="${button.dataset.unset}"]`, () => this.#grade(button.dataset.unset, null));
    }
    this.#notice();
  }

  /** A button that works only with a script. */
  #offer(selector, act) {
    const button = this.root.querySelector(selector);
    if (!button) return;
    button.hidden = false;
    this.#press(selector, act);
  }

  #press(selector, act) {
    this.root.querySelector(selector)?.addEventListener("click", (event) => {
      event.preventDefault();
      act();
    });
  }

  /** Choose among the radios of a grading, or none; the focus stays in the group when its button goes. */
  #grade(name, value) {
    const radios = this.#radios(name);
    for (const radio of radios) radio.checked = radio.value === value;
    (radios.find((radio) => radio.checked) ?? radios[0])?.focus();
    this.#notice();
  }

  #touched(event) {
    const input = event.target;
    if (input.matches("[data-question] input[type=checkbox]:checked")) this.#settleNone(input);
    if (input.matches("[data-evidence] input[type=checkbox]:checked")) {
      const group = input.closest(".ticks");
      for (const other of group.querySelectorAll("input")) if (other !== input) other.checked = false;
    }
    if (this.stride > 1 && input.name === `${this.element}.judgement`) this.#settleFine(input);
    if (input.matches("[data-part]")) writePart(input, this.#field("note"));
    else if (input.matches("[data-note]")) this.#showParts();
    this.#notice();
  }

  #showParts() {
    const note = this.#field("note");
    if (note) readParts(this.root.querySelectorAll("[data-part]"), note);
  }

  /** "None of these" and the options of a checklist exclude each other. */
  #settleNone(ticked) {
    for (const box of ticked.closest("[data-question]").querySelectorAll("input")) {
      if ((box.value === "") !== (ticked.value === "")) box.checked = false;
    }
  }

  #settleFine(chosen) {
    const isScore = !LEFT_OUT.includes(chosen.value);
    const fine = this.#radios("fine");
    const atTop = isScore && this.grid.indexOf(chosen.value) + this.stride > this.grid.length - 1;
    for (const radio of fine) {
      radio.disabled = !isScore || (atTop && radio !== fine[0] && this.#beyond(chosen.value, radio));
      if (!isScore || (radio.disabled && radio.checked)) radio.checked = false;
    }
    if (isScore && !fine.some((radio) => radio.checked)) fine[0].checked = true;
  }

  #beyond(value, radio) {
    return this.grid.indexOf(value) + this.#radios("fine").indexOf(radio) > this.grid.length - 1;
  }

  /** Compare with what was known; tell what changed. */
  #notice() {
    const now = this.read();
    const changes = difference(this.known, now);
    this.known = now;
    this.#suggestStrength();
    if (!isEmpty(changes)) this.#tell("change", { changes });
    this.#tell("shown");
  }

  /** How strong the evidence is by its ticks: seen 2, told 1; null where nothing is ticked. */
  get suggestedStrength() {
    const ticks = Object.values(this.known.ticks);
    if (ticks.includes("seen")) return 2;
    return ticks.includes("told") ? 1 : null;
  }

  #suggestStrength() {
    const line = this.root.querySelector("[data-strength-suggested]");
    if (!line) return;
    const strength = this.suggestedStrength;
    line.hidden = strength === null || this.known.evidence_strength !== null;
    if (line.hidden) return;
    line.querySelector("[data-strength-words]").textContent = say("strengthSuggested", { word: say(`strength.${strength}`) });
  }

  #tell(kind, detail = {}) {
    this.dispatchEvent(new CustomEvent(kind, { detail: { form: this, ...detail } }));
  }

  /** Return the whole answer as it stands in the page. */
  read() {
    return this.#read(asItStands);
  }

  #read(value) {
    const chosen = (name) => this.#radios(name).find((radio) => value(radio))?.value ?? null;
    const text = (name) => this.#text(name, value);
    const judgement = chosen("judgement");
    const answer = { state: "open", score: null, reason: text("reason"), note: text("note"), confidence: chosen("confidence") };
    if (LEFT_OUT.includes(judgement)) answer.state = judgement;
    else if (judgement !== null) Object.assign(answer, { state: "scored", score: this.#scoreOf(judgement, chosen("fine")) });
    const strength = chosen("evidence_strength");
    answer.evidence_strength = strength === null ? null : Number(strength);
    answer.ticks = this.#ticks(value);
    answer.questions = this.#questions(value);
    return answer;
  }

  #text(name, value) {
    const field = this.#field(name);
    return field ? value(field).replace(/\r\n?/g, "\n").trim() || null : null;
  }

  #scoreOf(coarse, fine) {
    const offset = fine === null ? 0 : this.#radios("fine").findIndex((radio) => radio.value === fine);
    return this.grid[this.grid.indexOf(coarse) + offset] ?? coarse;
  }

  #ticks(value) {
    const ticks = {};
    for (const box of this.root.querySelectorAll("[data-evidence] input[type=checkbox]")) {
      const key = box.name.slice(`${this.element}.tick.`.length);
      ticks[key] ??= null;
      if (value(box)) ticks[key] = box.value;
    }
    return ticks;
  }

  #questions(value) {
    const replies = {};
    for (const part of this.root.querySelectorAll("[data-question]")) {
      replies[part.dataset.question] = this.#reply(part, value);
    }
    return replies;
  }

  #reply(part, value) {
    const boxes = [...part.querySelectorAll("input[type=checkbox]")];
    if (boxes.length) {
      const ticked = boxes.filter((box) => value(box)).map((box) => box.value);
      const options = ticked.filter((option) => option !== "").sort();
      return options.length || ticked.includes("") ? options : null;
    }
    const radios = [...part.querySelectorAll("input[type=radio]")];
    if (radios.length) return radios.find((radio) => value(radio))?.value || null;
    return value(part.querySelector("input, textarea, select")).trim() || null;
  }

  #field(name) {
    return this.root.querySelector(`[name="${this.element}.${name}"]`);
  }

  #radios(name) {
    return [...this.root.querySelectorAll(`[name="${this.element}.${name}"]`)];
  }

  /** Show these fields (as the server names them) without counting them as changed by the user. */
  show(values) {
    const before = this.read();
    if ("state" in values) this.#choose(values.state === "scored" ? values.score : values.state);
    if ("confidence" in values) for (const radio of this.#radios("confidence")) radio.checked = radio.value === values.confidence;
    if ("evidence_strength" in values) {
      for (const radio of this.#radios("evidence_strength")) radio.checked = radio.value === String(values.evidence_strength);
    }
    for (const name of ["reason", "note"]) {
      const field = this.#field(name);
      if (name in values && field) field.value = values[name] ?? "";
    }
    for (const [key, tick] of Object.entries(values.ticks ?? {})) {
      for (const box of this.#radios(`tick.${key}`)) box.checked = box.value === tick;
    }
    for (const [key, reply] of Object.entries(values.questions ?? {})) this.#showReply(key, reply);
    if ("suggested" in values) this.#showSuggested(values.suggested);
    this.#showParts();
    // only what this changed is known now: what was typed before the script was there is still to be noticed
    this.known = laidOver(this.known, difference(before, this.read()));
    this.#suggestStrength();
    this.#tell("shown");
  }

  #showReply(key, reply) {
    const part = this.root.querySelector(`[data-question="${CSS.escape(key)}"]`);
    const plain = reply?.number ?? reply; // numbers come as {number} so that they stay exact
    for (const input of part?.querySelectorAll("input, textarea, select") ?? []) {
      if (input.type === "checkbox") {
        input.checked = plain !== null && (input.value === "" ? plain.length === 0 : plain.includes(input.value));
      } else if (input.type === "radio") input.checked = input.value === (plain ?? "");
      else if (input.tagName === "SELECT") input.value = this.grid.find((point) => Number(point) === Number(plain)) ?? "";
      else input.value = plain ?? "";
    }
  }

  #showSuggested(score) {
    const line = this.root.querySelector("[data-suggested]");
    if (!line) return;
    line.hidden = score === null;
    line.querySelector("[data-suggested-score]").textContent = score ?? "";
  }

  #choose(judgement) {
    const index = this.grid.indexOf(judgement);
    const coarse = index < 0 ? judgement : this.grid[index - (index % this.stride)];
    for (const radio of this.#radios("judgement")) radio.checked = radio.value === coarse;
    this.#radios("fine").forEach((radio, place) => {
      radio.checked = index >= 0 && place === index % this.stride;
      radio.disabled = false;
    });
  }

  /** Choose a score or one of the other two as if the user had pressed its radio; keep the focus in the group. */
  choose(judgement) {
    if (this.locked) return;
    this.#choose(judgement);
    this.#radios("judgement").find((radio) => radio.checked)?.focus();
    this.#notice();
  }

  chooseConfidence(value) {
    for (const radio of this.#radios("confidence")) radio.checked = radio.value === value;
    this.#notice();
  }

  /** Take the score back. */
  clear() {
    for (const radio of [...this.#radios("judgement"), ...this.#radios("fine")]) radio.checked = false;
    this.scale.focus();
    this.#notice();
  }

  /** Put the focus where the keys work, without scrolling away what stands above it. */
  focusScore() {
    (this.#radios("judgement").find((radio) => radio.checked) ?? this.scale).focus({ preventScroll: true });
    this.scale.scrollIntoView({ block: "nearest" });
  }

  /** Tell whether this is not applicable without saying why. */
  get wantsReason() {
    return this.known.state === "not-applicable" && !this.known.reason;
  }

  focusReason() {
    this.#field("reason").focus();
  }

  focusNote() {
    this.#field("note")?.focus();
  }

  /** Go to the evidence: its first tick, else how strong it is. */
  focusEvidence() {
    const ticks = this.root.querySelector("[data-evidence] input[type=checkbox]");
    const strength = this.#radios("evidence_strength");
    (ticks ?? strength.find((radio) => radio.checked) ?? strength[0])?.focus();
  }
}
