// How the text field looks. It stands in a shadow root, whose style sheets are objects and no <style> elements: the
// security policy of the site forbids those. Colours are the site's own.

import { EditorView, HighlightStyle, syntaxHighlighting, tags } from "../../vendor/codemirror.min.js";

export const MONOSPACE = 'ui-monospace, "SF Mono", "Cascadia Mono", Consolas, "Noto Sans Mono CJK SC", "Noto Sans Mono", monospace';

const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "var(--paper)", fontSize: "13px" },
  "&.cm-focused": { outline: "3px solid var(--accent)", outlineOffset: "0" },
  ".cm-scroller": { fontFamily: MONOSPACE, lineHeight: "20px", overflow: "auto" },
  ".cm-content": { caretColor: "var(--ink)", padding: "4px 0" },
  ".cm-gutters": { backgroundColor: "var(--wash)", color: "var(--muted)", border: "0", borderRight: "1px solid var(--hairline)" },
  ".cm-activeLine": { backgroundColor: "#e7f1f255" },
  ".cm-activeLineGutter": { backgroundColor: "var(--accent-wash)", color: "var(--ink)" },
  ".cm-selectionMatch": { backgroundColor: "#f4ead2" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "#bfccbc", outline: "1px solid var(--accent)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--error-wash)", outline: "1px solid var(--error)" },
  ".cm-foldPlaceholder": { backgroundColor: "var(--wash)", border: "1px solid var(--edge)", color: "var(--ink)", padding: "0 4px" },
  ".cm-foldGutter span": { color: "var(--muted)" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--error) 1px", textUnderlineOffset: "3px" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecoration: "underline dotted var(--warning) 2px", textUnderlineOffset: "3px" },
  ".cm-lintPoint-error:after": { borderBottomColor: "var(--error)" },
  ".cm-lintPoint-warning:after": { borderBottomColor: "var(--warning)" },
  ".cm-tooltip": { backgroundColor: "var(--paper)", border: "1px solid var(--edge)", boxShadow: "0 2px 8px #1b243033", color: "var(--ink)", maxWidth: "min(36em, 90vw)", zIndex: "15" },
  ".cm-explained": { padding: "4px 8px", lineHeight: "20px" },
  ".cm-diagnostic": { padding: "4px 8px", lineHeight: "20px", whiteSpace: "normal" },
  ".cm-diagnostic-error": { borderLeft: "4px solid var(--error)" },
  ".cm-diagnostic-warning": { borderLeft: "4px solid var(--warning)" },
  ".cm-diagnosticAction": { backgroundColor: "var(--accent)", color: "var(--paper)", font: "inherit", padding: "2px 8px", margin: "4px 8px 2px 0", borderRadius: "2px", border: "0" },
  ".cm-fault-hint": { display: "block", color: "var(--muted)" },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "inherit", maxHeight: "16em" },
  ".cm-tooltip-autocomplete > ul > li": { padding: "2px 8px", lineHeight: "20px" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--paper)" },
  ".cm-completionDetail": { fontStyle: "normal", color: "var(--muted)", marginLeft: "8px" },
  "li[aria-selected] .cm-completionDetail": { color: "var(--paper)" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "600" },
  ".cm-completionInfo": { padding: "4px 8px", lineHeight: "20px", maxWidth: "22em" },
  ".cm-collapsedLines": { background: "var(--wash) !important", color: "var(--muted) !important" },
  ".cm-collapsedLines:before, .cm-collapsedLines:after": { content: '"…" !important' },
  ".cm-panels": { backgroundColor: "var(--wash)", color: "var(--ink)" },
  ".cm-panels-top": { borderBottom: "1px solid var(--hairline)" },
  ".cm-panel.cm-search": { padding: "8px 32px 8px 8px" },
  ".cm-panel.cm-search label": { fontSize: "13px", color: "var(--ink)" },
  ".cm-textfield": { font: "inherit", padding: "2px 6px", border: "1px solid var(--edge)", backgroundColor: "var(--paper)", minHeight: "28px" },
  ".cm-button": { font: "inherit", backgroundImage: "none", backgroundColor: "var(--paper)", border: "1px solid var(--edge)", borderRadius: "2px", minHeight: "28px", color: "var(--ink)" },
});

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "#08555b" },
  { tag: [tags.comment, tags.lineComment], color: "#5b6673", fontStyle: "italic" },
  { tag: [tags.string, tags.special(tags.string)], color: "#7a3e00" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "#103a66" },
  { tag: [tags.keyword, tags.meta, tags.labelName, tags.typeName], color: "#8a1c12" },
  { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace], color: "#5b6673" },
]);

export const look = [theme, syntaxHighlighting(colours)];

/** Return the root in which a text field is built. */
export function shadowOf(host) {
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  if (!root.querySelector(".holder")) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
      :host { display: block; }
      .holder { height: 100%; }
      .spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
      .cm-mergeView { height: 100%; }
    `);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    const holder = document.createElement("div");
    holder.className = "holder";
    root.append(holder);
  }
  return root;
}
