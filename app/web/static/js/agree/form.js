// The form of the agreed score: read, shown, and what it owes a reason for. Knows no server.

const LEFT_OUT = ["not-applicable", "unknown"];
const TEXTS = ["reason", "note", "method"];

export class AgreedForm {
  /** `plan`: {grid, stride, meanings, wanted} as the page was told. */
  constructor(root, plan) {
    this.root = root;
    this.element = root.dataset.agreed;
    this.grid = plan.grid;
    this.stride = plan.stride;
    this.meanings = plan.meanings;
    this.wanted = plan.wanted;
    this.scale = root.querySelector("[data-score]");
    this.base = "unsaved" in root.dataset ? null : this.read(); // what was posted and refused is still the user's own
    root.addEventListener("change", (event) => this.#touched(event));
    this.show();
  }

  get locked() {
    return this.scale.disabled;
  }

  get version() {
    return Number(this.root.dataset.version);
  }

  set version(version) {
    this.root.dataset.version = String(version);
    this.#field("version").value = String(version);
  }

  /** Tell whether the user changed anything since the form was drawn or taken over. */
  get isTouched() {
    return JSON.stringify(this.read()) !== JSON.stringify(this.base);
  }

  /** Return the agreed score as it stands in the form, named as on the wire. */
  read() {
    const judgement = this.#chosen("judgement");
    const said = { state: "open", score: null, confidence: this.#chosen("confidence") || null };
    if (LEFT_OUT.includes(judgement)) said.state = judgement;
    else if (judgement) Object.assign(said, { state: "scored", score: this.#scoreOf(judgement) });
    for (const name of TEXTS) said[name] = this.#field(name).value.trim() || null;
    return said;
  }

  /** Take these values over as what is stored, at `version`. */
  take(said, version) {
    this.#choose(said.score ?? (LEFT_OUT.includes(said.state) ? said.state : null));
    for (const radio of this.#radios("confidence")) radio.checked = radio.value === (said.confidence ?? "");
    for (const name of TEXTS) this.#field(name).value = said[name] ?? "";
    this.version = version;
    this.base = this.read();
    this.show();
  }

  /** Show what the chosen score means and what it owes a reason for. */
  show() {
    const { state, score } = this.read();
    const value = score ?? state;
    this.root.querySelector("[data-meaning]").textContent = this.meanings[value] ?? "";
    const wanted = this.root.querySelector("[data-wanted]");
    wanted.textContent = this.wanted[value] ?? "";
    wanted.hidden = !this.wanted[value];
    this.#markLevels(score === null ? null : Number(score));
  }

  #markLevels(score) {
    const lines = [...document.querySelectorAll(".agree-levels [data-level]")];
    const values = lines.map((line) => Number(line.dataset.level));
    const low = Math.max(...values.filter((value) => value <= score));
    const high = Math.min(...values.filter((value) => value >= score));
    lines.forEach((line, place) => {
      const near = score !== null && (values[place] === low || values[place] === high);
      line.classList.toggle("level-current", near && low === high);
      line.classList.toggle("level-near", near && low !== high);
    });
  }

  /** Choose a score or one of the other two; keep the focus in the group. */
  choose(judgement) {
    this.#choose(judgement);
    this.#radios("judgement").find((radio) => radio.checked)?.focus();
    this.show();
  }

  chooseConfidence(value) {
    for (const radio of this.#radios("confidence")) radio.checked = radio.value === value;
  }

  clear() {
    this.#choose(null);
    this.scale.focus();
    this.show();
  }

  focusScore() {
    (this.#radios("judgement").find((radio) => radio.checked) ?? this.scale).focus();
  }

  focusNote() {
    this.#field("reason").focus();
  }

  focusEvidence() {
    this.focusNote();
  }

  #touched(event) {
    const input = event.target;
    if (this.stride > 1 && input.name === `${this.element}.judgement`) this.#settleFine(input);
    this.show();
  }

  /** Coarse points take an offset; what has no score takes none. */
  #settleFine(chosen) {
    const fine = this.#radios("fine");
    if (LEFT_OUT.includes(chosen.value)) for (const radio of fine) radio.checked = false;
    else if (!fine.some((radio) => radio.checked)) fine[0].checked = true;
  }

  #scoreOf(coarse) {
    const fine = this.#radios("fine").findIndex((radio) => radio.checked);
    return this.grid[this.grid.indexOf(coarse) + Math.max(fine, 0)] ?? coarse;
  }

  #choose(judgement) {
    const index = this.grid.indexOf(judgement);
    const coarse = index < 0 ? judgement : this.grid[index - (index % this.stride)];
    for (const radio of this.#radios("judgement")) radio.checked = radio.value === coarse;
    this.#radios("fine").forEach((radio, place) => {
      radio.checked = index >= 0 && place === index % this.stride;
    });
  }

  #chosen(name) {
    return this.#radios(name).find((radio) => radio.checked)?.value ?? null;
  }

  #field(name) {
    return this.root.querySelector(`[name="${this.element}.${name}"]`);
  }

  #radios(name) {
    return [...this.root.querySelectorAll(`input[type=radio][name="${this.element}.${name}"]`)];
  }
}
