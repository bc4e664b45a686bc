// The tabs of the files, a new file, one less. Without this script they are links to the page at another file.

import { make, one, page, say } from "./page.js";

export class Files {
  constructor({ field, saving, opened }) {
    this.field = field;
    this.saving = saving;
    this.opened = opened;
    this.tabs = one("tabs");
    this.found = null;
    this.tabs.addEventListener("click", (event) => {
      const link = event.target.closest("[data-file]");
      if (!link || event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      this.open(link.dataset.file);
      this.field.view.focus();
    });
    if (page.main === null) return;
    one("file-actions").hidden = false;
    this.dialog = one("dialog");
    one("new-file").addEventListener("click", () => this.ask(""));
    one("remove-file").addEventListener("click", () => this.remove());
    this.dialog.querySelector("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.create(one("name").value.trim());
    });
    one("cancel").addEventListener("click", () => this.dialog.close());
    this.draw();
  }

  open(name) {
    this.field.open(name);
    const address = new URL(location.href);
    address.searchParams.set("file", name);
    address.searchParams.delete("line");
    history.replaceState(null, "", address);
    this.draw();
    this.opened(name);
  }

  /** Show which files there are, how many errors each has, which of them nothing refers to. */
  draw(found = this.found) {
    this.found = found;
    const names = this.field.names.sort((a, b) => (b === page.main) - (a === page.main) || a.localeCompare(b));
    const held = this.tabs.contains(document.activeElement) ? document.activeElement.dataset.file : null;
    this.tabs.replaceChildren(...names.map((name) => this.tab(name)));
    if (held) this.tabs.querySelector(`[data-file="${CSS.escape(held)}"]`)?.focus();
    if (page.main !== null) one("remove-file").hidden = this.field.name === page.main;
  }

  tab(name) {
    const errors = this.found?.byFile[name] ?? 0;
    const unused = this.found && !this.found.errors && this.found.used.length && !this.found.used.includes(name);
    const href = `${location.pathname}?${new URLSearchParams({ file: name })}`;
    const count = errors ? make("span", { class: "editing-tab-errors", "aria-label": say("errors", { n: errors }) }, String(errors)) : null;
    return make("a", { href, "data-file": name, "aria-current": name === this.field.name ? "page" : null, title: unused ? say("unusedFile") : null, class: unused ? "unused" : null }, name, count);
  }

  ask(name, fault = "") {
    one("name").value = name;
    one("name-fault").textContent = fault;
    if (!this.dialog.open) this.dialog.showModal();
    one("name").focus();
  }

  create(name) {
    if (this.field.states.has(name)) return this.ask(name, say("fileTaken", { name }));
    if (!/^[^./\\<>:"|?*][^/\\<>:"|?*]*\.ya?ml$/.test(name)) return this.ask(name, say("fileName"));
    if (this.dialog.open) this.dialog.close();
    this.field.add(name, '- id: \n  name: {zh: "", en: ""}\n');
    this.open(name);
    this.saving.added(name);
    this.field.goto(name, 1, 7);
  }

  async remove() {
    const { name } = this.field;
    if (this.field.names.length < 2 || !confirm(say("removeFile", { name }))) return;
    await this.saving.flush();
    if (this.saving.stored.has(name) && !(await this.saving.removed(name))) return;
    this.field.remove(name);
    this.open(this.field.name);
    this.saving.told(name);
  }
}
