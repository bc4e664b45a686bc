// The tabs beside the text: faults, and how the draft looks. A part is asked for when it is to be seen and the text has no
// errors; while it has, the last good one stays, and says so.

import { make, one, page, say } from "./page.js";
import { ask } from "./wire.js";

const PAUSE = 600;

function loadPlotly() {
  return (loadPlotly.once ??= new Promise((resolve, reject) => {
    const script = make("script", { src: page.plotly });
    script.addEventListener("load", resolve);
    script.addEventListener("error", reject);
    document.head.append(script);
  }));
}

export class Preview {
  constructor({ unsaved, at, goto, faultsShown }) {
    Object.assign(this, { unsaved, at, goto, faultsShown });
    this.tabs = [...document.querySelectorAll("[data-panels] [role=tab]")];
    this.panels = new Map([...document.querySelectorAll("[data-panel]")].map((panel) => [panel.dataset.panel, panel]));
    this.fresh = new Map(); // part -> {version, at} that it shows
    this.version = 0;
    this.good = null;
    this.asked = 0;
    this.chosen = null; // element chosen in the preview itself, until the cursor goes elsewhere
    const list = one("panels");
    list.hidden = false;
    this.panels.get("faults").setAttribute("role", "tabpanel");
    this.panels.get("faults").setAttribute("aria-labelledby", "tab-faults");
    this.panels.get("faults").tabIndex = 0;
    list.addEventListener("click", (event) => event.target.closest("[role=tab]") && this.select(event.target.closest("[role=tab]")));
    list.addEventListener("keydown", (event) => this.step(event));
    for (const [part, panel] of this.panels) panel.addEventListener("click", (event) => this.clicked(part, event));
    for (const panel of this.panels.values()) panel.addEventListener("change", (event) => this.tried(event));
  }

  get part() {
    return this.tabs.find((tab) => tab.getAttribute("aria-selected") === "true").id.replace("tab-", "");
  }

  step(event) {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!move && event.key !== "Home" && event.key !== "End") return;
    event.preventDefault();
    const here = this.tabs.indexOf(document.activeElement);
    const next = event.key === "Home" ? 0 : event.key === "End" ? this.tabs.length - 1 : (here + move + this.tabs.length) % this.tabs.length;
    this.select(this.tabs[next]);
    this.tabs[next].focus();
  }

  select(tab) {
    for (const one of this.tabs) {
      one.setAttribute("aria-selected", String(one === tab));
      one.tabIndex = one === tab ? 0 : -1;
      this.panels.get(one.id.replace("tab-", "")).hidden = one !== tab;
    }
    if (this.part === "faults") this.faultsShown?.();
    else this.look();
  }

  /** The text was judged: `errors` of it stand in the way of a preview. */
  judged({ errors }) {
    this.version += 1;
    this.good = errors === 0;
    this.soon();
  }

  /** The cursor went to another capability. */
  moved() {
    this.chosen = null;
    if (this.part === "questionnaire" || this.part === "tree") this.soon();
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), PAUSE);
  }

  async look() {
    const { part } = this;
    if (part === "faults" || this.good === null) return;
    const panel = this.panels.get(part);
    const at = part === "radar" ? null : (this.chosen ?? this.at());
    const shown = this.fresh.get(part);
    if (!this.good && shown) return this.note(panel, shown.published ? say("published", { version: shown.published }) : say("staleParts"));
    if (shown && shown.version === this.version) {
      if (shown.at === at) return this.current(panel);
      if (part === "tree") return this.pointOut(panel, at);
    }
    this.asked += 1;
    const number = this.asked;
    const { version } = this;
    panel.setAttribute("aria-busy", "true");
    const { status, body } = await ask("POST", page.preview, { files: this.unsaved(), part, at, otherwise: !shown });
    panel.removeAttribute("aria-busy");
    if (number !== this.asked) return;
    if (status !== 200) return this.note(panel, say("previewFailed"));
    if (body.html === null) return this.note(panel, shown ? say("staleParts") : say("noPreview"));
    this.fresh.set(part, { version, at, published: body.published });
    await this.draw(part, panel, body.html);
    if (body.published) this.note(panel, say("published", { version: body.published }));
  }

  async draw(part, panel, html) {
    const focused = panel.contains(document.activeElement) ? document.activeElement.id : "";
    const open = [...panel.querySelectorAll("details")].map((details) => details.open);
    const top = panel.scrollTop;
    const drawn = new DOMParser().parseFromString(html, "text/html"); // by our own templates, which escape what editors wrote
    panel.replaceChildren(...drawn.body.childNodes);
    panel.querySelectorAll("details").forEach((details, number) => (details.open = open[number] ?? false));
    panel.scrollTop = top;
    if (focused) document.getElementById(focused)?.focus();
    if (part === "tree") this.pointOut(panel, this.at(), false);
    if (part === "radar") await this.plot(panel);
  }

  async plot(panel) {
    await loadPlotly();
    const hosts = [...panel.querySelectorAll("[data-figure]")];
    [...panel.querySelectorAll("[data-figure-data]")].forEach((script, number) => {
      const { data, layout, config } = JSON.parse(script.textContent);
      hosts[number].style.minHeight = `${layout.height}px`;
      window.Plotly.newPlot(hosts[number], data, layout, config);
    });
  }

  current(panel) {
    panel.querySelector(".preview-stale")?.remove();
  }

  note(panel, words) {
    this.current(panel);
    panel.prepend(make("p", { class: "notice notice-warning preview-stale" }, words));
  }

  pointOut(panel, at, scroll = true) {
    this.current(panel);
    for (const row of panel.querySelectorAll("[data-node]")) row.classList.toggle("current", row.dataset.node === at);
    const row = at && panel.querySelector(`[data-node="${CSS.escape(at)}"]`);
    if (row && scroll) row.scrollIntoView({ block: "nearest" });
  }

  clicked(part, event) {
    const button = event.target.closest("[data-goto]");
    if (button) this.goto(button.dataset.goto);
    const clear = event.target.closest("[data-clear]");
    if (clear) {
      event.preventDefault();
      clear.closest("fieldset").querySelectorAll("input").forEach((input) => (input.checked = false));
      this.meaning(this.panels.get(part), "");
    }
    const unset = event.target.closest(".unset");
    if (unset) event.preventDefault();
  }

  /** Somebody chose an element, or tries a score out. */
  tried(event) {
    if (event.target.matches("[data-element]")) {
      this.chosen = event.target.value;
      this.look();
    } else if (event.target.name?.endsWith(".judgement")) {
      this.meaning(event.target.closest("[data-panel]"), event.target.value);
    }
  }

  meaning(panel, value) {
    const words = panel.querySelector("[data-meaning]");
    if (!words) return;
    words.textContent = JSON.parse(panel.querySelector("[data-meanings]").textContent)[value] ?? "";
    for (const parts of panel.querySelectorAll("[data-parts]")) parts.hidden = !parts.dataset.parts.split(" ").includes(value);
  }
}
