// Both texts of a file that was changed in two windows, side by side: take the other one, or this one as edited here.

import { EditorState, EditorView, MergeView, lineNumbers, yaml } from "../../vendor/codemirror.min.js";
import { look, shadowOf } from "./look.js";
import { make, one, page, say } from "./page.js";

export class Conflict {
  constructor({ desk, phrases }) {
    this.desk = desk;
    this.phrases = phrases;
    this.over = null;
  }

  /** Show {theirs, mine}; `chosen` gets the text that is to stand. `theirs` null: the file was removed. */
  show(name, { theirs, mine }, chosen) {
    this.over = name;
    this.desk.inert = true;
    const host = make("div", { class: "editing-merge" });
    const title = make("h2", { id: "conflict-title", tabindex: "-1" }, `${name}${page.locale === "en" ? ": " : "："}${say("conflict")}`);
    const sides = make("div", { class: "editing-merge-heads" }, make("h3", {}, theirs === null ? say("theyRemoved", { file: name }) : say("theirs")), make("h3", {}, say("mine")));
    const end = (text) => {
      this.over = null;
      this.desk.inert = false;
      this.merge.destroy();
      one("conflict").replaceChildren();
      chosen(text);
    };
    const buttons = make(
      "p",
      { class: "form-actions" },
      make("button", { type: "button", onclick: () => end(this.merge.b.state.sliceDoc()) }, say("useMine")),
      make("button", { type: "button", class: "secondary", onclick: () => end(theirs ?? "") }, say("useTheirs")),
    );
    one("conflict").replaceChildren(make("section", { class: "notice notice-warning", "aria-labelledby": "conflict-title" }, title, sides, host, buttons));
    const root = shadowOf(host);
    const shared = (label) => [
      lineNumbers(), yaml(), look, EditorState.phrases.of(this.phrases), EditorView.lineWrapping, EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
      /\r\n/.test(mine) ? EditorState.lineSeparator.of("\r\n") : [],
    ];
    this.merge = new MergeView({
      a: { doc: theirs ?? "", extensions: [...shared(say("theirs")), EditorState.readOnly.of(true)] },
      b: { doc: mine, extensions: shared(say("mine")) },
      parent: root.querySelector(".holder"),
      root,
      revertControls: "a-to-b",
      collapseUnchanged: { margin: 3, minSize: 6 },
      gutter: true,
    });
    title.focus();
  }
}
