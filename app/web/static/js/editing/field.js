// The text field: one CodeMirror view, one state per file. Knows no draft and no request.

import {
  EditorState, EditorView, Text, Transaction, autocompletion, bracketMatching, closeBrackets, closeBracketsKeymap, codeFolding,
  completionKeymap, defaultKeymap, drawSelection, dropCursor, foldGutter, foldKeymap, gotoLine, highlightActiveLine,
  highlightActiveLineGutter, highlightSelectionMatches, highlightSpecialChars, history, historyKeymap, indentOnInput, indentUnit,
  indentWithTab, keymap, lineNumbers, lintGutter, nextDiagnostic, previousDiagnostic, rectangularSelection, search, searchKeymap,
  setDiagnostics, yaml,
} from "../../vendor/codemirror.min.js";
import { look, shadowOf } from "./look.js";

const breakOf = (text) => (/\r\n/.test(text) && !/(^|[^\r])\n/.test(text) ? "\r\n" : "\n");

/**
 * Build the field in `host`. `on`: {changed(name), moved(name), save()}; `words`: {label(name), help, phrases};
 * `sources`: {complete, hover}.
 */
export class Field {
  constructor(host, { files, on, words, sources }) {
    this.on = on;
    this.words = words;
    this.sources = sources;
    this.root = shadowOf(host);
    this.help = document.createElement("p");
    this.help.className = "spoken";
    this.help.id = "help";
    this.help.textContent = words.help;
    this.root.append(this.help);
    this.states = new Map();
    this.scrolls = new Map();
    for (const { name, text } of files) this.states.set(name, this.stateFor(name, text));
    this.name = files[0]?.name ?? "";
    const parent = this.root.querySelector(".holder");
    this.view = new EditorView({ state: this.states.get(this.name), parent, root: this.root });
  }

  stateFor(name, text) {
    const told = EditorView.updateListener.of((update) => {
      this.states.set(name, update.state);
      if (update.docChanged) this.on.changed(name);
      if (update.docChanged || update.selectionSet) this.on.moved(name);
    });
    const keys = [
      { key: "Mod-s", preventDefault: true, run: () => (this.on.save(), true) },
      { key: "F8", run: nextDiagnostic },
      { key: "Shift-F8", run: previousDiagnostic },
      { key: "Alt-g", run: gotoLine },
      indentWithTab,
    ];
    return EditorState.create({
      doc: text,
      extensions: [
        breakOf(text) === "\r\n" ? EditorState.lineSeparator.of("\r\n") : [],
        EditorState.phrases.of(this.words.phrases),
        EditorState.tabSize.of(2),
        indentUnit.of("  "),
        lineNumbers(), foldGutter(), codeFolding(), lintGutter(), highlightSpecialChars(), history(), drawSelection(), dropCursor(),
        EditorState.allowMultipleSelections.of(true), rectangularSelection(), indentOnInput(), bracketMatching(), closeBrackets(),
        highlightActiveLine(), highlightActiveLineGutter(), highlightSelectionMatches(), search({ top: true }),
        autocompletion({ override: [this.sources.complete], icons: false }),
        this.sources.hover,
        yaml(), look,
        EditorView.contentAttributes.of({ "aria-label": this.words.label(name), "aria-describedby": "help", tabindex: "0" }),
        keymap.of([...keys, ...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...completionKeymap]),
        told,
      ],
    });
  }

  get names() {
    return [...this.states.keys()];
  }

  /** Return the text of a file, line breaks as they stand in it. */
  textOf(name) {
    return this.states.get(name).sliceDoc();
  }

  texts() {
    return Object.fromEntries(this.names.map((name) => [name, this.textOf(name)]));
  }

  /** Show another file. */
  open(name) {
    if (name === this.name || !this.states.has(name)) return;
    this.scrolls.set(this.name, this.view.scrollSnapshot());
    this.name = name;
    this.view.setState(this.states.get(name));
    const scroll = this.scrolls.get(name);
    if (scroll) this.view.dispatch({ effects: scroll });
    this.on.moved(name);
  }

  add(name, text) {
    this.states.set(name, this.stateFor(name, text));
  }

  remove(name) {
    if (name === this.name) this.open(this.names.find((other) => other !== name));
    this.states.delete(name);
    this.scrolls.delete(name);
  }

  /** Change a file, open or not, as one step that can be undone; `quietly`: nobody typed this. */
  change(name, changes, { quietly = false, selection = undefined } = {}) {
    const annotations = quietly ? [Transaction.addToHistory.of(false), Transaction.remote.of(true)] : [];
    if (name === this.name) {
      this.view.dispatch({ changes, selection, annotations, scrollIntoView: Boolean(selection), userEvent: quietly ? undefined : "input" });
      return;
    }
    const state = this.states.get(name);
    this.states.set(name, state.update({ changes, annotations }).state);
    this.on.changed(name);
  }

  /** Let a file say something else, changing only what differs at both ends. */
  replace(name, text, options) {
    const now = this.textOf(name);
    if (now === text) return;
    const state = this.states.get(name);
    const wanted = state.toText(text);
    const [a, b] = [state.doc.toString(), wanted.toString()];
    let start = 0;
    while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
    let end = 0;
    while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
    const insert = wanted.slice(start, wanted.length - end);
    this.change(name, { from: start, to: a.length - end, insert }, options);
  }

  /** Return the offset of a line and column that count from 1, the column in whole characters. */
  offset(name, line, column) {
    const { doc } = this.states.get(name);
    if (line > doc.lines) return doc.length;
    const { from, text } = doc.line(Math.max(line, 1));
    let units = 0;
    for (let number = 1; number < column && units < text.length; number += 1) {
      units += text.codePointAt(units) > 0xffff ? 2 : 1;
    }
    return from + units;
  }

  /** Apply changes given by lines and columns; the cursor goes `cursor` characters into the first one's text. */
  mend(name, changes, cursor) {
    const specs = changes.map(([line, column, endLine, endColumn, text]) => ({
      from: this.offset(name, line, column),
      to: this.offset(name, endLine, endColumn),
      insert: Text.of(text.split("\n")),
    }));
    this.open(name);
    const at = specs[0].from + (cursor ?? 0);
    this.change(name, specs, { selection: cursor === null ? undefined : { anchor: at } });
    if (cursor === null) this.view.dispatch({ effects: EditorView.scrollIntoView(specs[0].from, { y: "nearest" }) });
    this.view.focus();
  }

  /** Put the cursor somewhere and show the place. */
  goto(name, line, column) {
    this.open(name);
    const at = this.offset(name, line, column);
    this.view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
    this.view.focus();
  }

  /** Mark faults in a file: [{from, to, severity, …}] as CodeMirror takes them. */
  mark(name, diagnostics) {
    if (name === this.name) {
      this.view.dispatch(setDiagnostics(this.view.state, diagnostics));
    } else {
      const state = this.states.get(name);
      this.states.set(name, state.update(setDiagnostics(state, diagnostics)).state);
    }
  }

  /** Return line and column of the cursor, from 1. */
  position() {
    const { state } = this.view;
    const line = state.doc.lineAt(state.selection.main.head);
    return { line: line.number, column: [...state.sliceDoc(line.from, state.selection.main.head)].length + 1 };
  }
}
