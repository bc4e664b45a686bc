// What the editor's modules import from codemirror.min.js; nothing else of the packages is inside.
export { EditorState, Text, Compartment, StateEffect, StateField, Transaction } from '@codemirror/state';
export {
  EditorView, ViewPlugin, Decoration, keymap, lineNumbers, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars,
  drawSelection, dropCursor, rectangularSelection, crosshairCursor, hoverTooltip, tooltips, showPanel, placeholder,
} from '@codemirror/view';
export { defaultKeymap, history, historyKeymap, indentWithTab, undo, redo } from '@codemirror/commands';
export {
  bracketMatching, codeFolding, foldGutter, foldKeymap, foldService, foldAll, unfoldAll, HighlightStyle, indentOnInput, indentUnit,
  syntaxHighlighting, syntaxTree,
} from '@codemirror/language';
export { yaml } from '@codemirror/lang-yaml';
export { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, completionStatus, startCompletion, snippet } from '@codemirror/autocomplete';
export { search, searchKeymap, highlightSelectionMatches, openSearchPanel, gotoLine } from '@codemirror/search';
export { lintGutter, setDiagnostics, forEachDiagnostic, nextDiagnostic, previousDiagnostic, openLintPanel } from '@codemirror/lint';
export { MergeView } from '@codemirror/merge';
export { tags } from '@lezer/highlight';
