// Where in a YAML file a place is: the keys above it, the keys beside it. By indentation and brackets, so that it works
// on text that is still being typed and no valid YAML yet. Knows no key.

const PIECES = /^(\s*)((?:-\s+|-$)*)/;
const KEY = /^(?:"([^"]*)"|'([^']*)'|([^\s#:{}[\],"'&*!|>%@`-][^#:{}[\],]*?|[\w-]+))\s*:(?=\s|$)/;

/** Return the dashes and the key that open a line, each with its column: [{dash: true, at}, {key, at, after}]. */
export function piecesOf(line) {
  const [, margin, dashes] = PIECES.exec(line);
  const pieces = [];
  let at = margin.length;
  for (const dash of dashes.match(/-\s*/g) ?? []) {
    pieces.push({ dash: true, at });
    at += dash.length;
  }
  const match = KEY.exec(line.slice(at));
  if (match) pieces.push({ key: match[1] ?? match[2] ?? match[3].trim(), at, after: at + match[0].length });
  else if (line.slice(at).trim() && !line.slice(at).startsWith("#")) pieces.push({ value: true, at });
  return pieces;
}

const isBlank = (line) => !line.trim() || line.trim().startsWith("#");

/** Return the keys (and "[]" for lists) that stand above what begins in a column of a line. */
function pathAbove(lines, index, column, own) {
  const path = [];
  let need = column;
  let afterDash = false;
  const take = (pieces) => {
    for (const piece of [...pieces].reverse()) {
      if (piece.value) continue;
      if (piece.dash && piece.at < need) {
        path.unshift("[]");
        need = piece.at;
        afterDash = true;
      } else if (piece.key !== undefined && (piece.at < need || (afterDash && piece.at === need))) {
        path.unshift(piece.key);
        need = piece.at;
        afterDash = false;
      }
    }
  };
  take(own);
  for (let number = index - 1; number >= 0 && (need > 0 || afterDash); number -= 1) {
    if (!isBlank(lines[number])) take(piecesOf(lines[number]));
  }
  return path;
}

/** Return the keys of the mapping whose keys begin in a column, around a line. */
function keysBeside(lines, index, column) {
  const found = new Set();
  const look = (number) => {
    const pieces = piecesOf(lines[number]);
    const key = pieces.find((piece) => piece.key !== undefined);
    if (key && key.at === column) found.add(key.key);
    return { ends: pieces.length > 0 && pieces[0].at < column, opens: pieces.some((piece) => piece.dash && piece.at < column) };
  };
  for (let number = index; number >= 0; number -= 1) {
    if (isBlank(lines[number])) continue;
    if (number === index && piecesOf(lines[number]).every((piece) => piece.value)) continue;
    const { ends } = look(number);
    if (ends) break;
  }
  for (let number = index + 1; number < lines.length; number += 1) {
    if (isBlank(lines[number])) continue;
    const pieces = piecesOf(lines[number]);
    if (pieces.length && pieces[0].at < column) break;
    look(number);
  }
  return found;
}

/** Read the brackets of a text from a column on: the open ones, each with its keys so far and the key at the end. */
function openBrackets(text) {
  const open = [];
  let word = "";
  let quote = null;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    const top = open[open.length - 1];
    if (quote) {
      if (sign === "\\" && quote === '"') at += 1;
      else if (sign === quote) quote = null;
      else word += sign;
      continue;
    }
    if ((sign === '"' || sign === "'") && !word.trim()) quote = sign;
    else if (sign === "#" && (at === 0 || /\s/.test(text[at - 1]))) {
      const end = text.indexOf("\n", at);
      if (end < 0) return { open, word: "" };
      at = end;
    } else if (sign === "{" || sign === "[") {
      open.push({ list: sign === "[", keys: [], key: null });
      word = "";
    } else if (sign === "}" || sign === "]") {
      open.pop();
      word = "";
    } else if (top && sign === ",") {
      top.key = null;
      word = "";
    } else if (top && !top.list && sign === ":" && /\s|$/.test(text[at + 1] ?? "")) {
      top.key = word.trim();
      top.keys.push(top.key);
      word = "";
    } else word += sign;
  }
  return { open, word };
}

/** Return where the value of a line begins that may hold brackets; the line itself, or one above that is still open. */
function flowStart(lines, index) {
  for (let number = index; number >= 0 && number > index - 40; number -= 1) {
    const pieces = piecesOf(lines[number]);
    if (!pieces.length || (pieces.length === 1 && pieces[0].value && number !== 0)) continue;
    const last = pieces[pieces.length - 1];
    return { number, column: last.key !== undefined ? last.after : last.at, pieces };
  }
  return null;
}

/**
 * Return what may be written at a place (line index and column, from 0):
 * {path, at: "key" | "value", beside, word}. `path` leads to the mapping of the key, or to the value.
 */
export function placeAt(lines, index, column) {
  const line = lines[index] ?? "";
  const before = line.slice(0, column);
  const start = flowStart(lines, index);
  if (start && (start.number < index || column > start.column)) {
    const text = [...lines.slice(start.number, index), before].join("\n").slice(start.column);
    const { open, word } = openBrackets(text);
    if (open.length) return inBrackets(lines, start, open, word);
  }
  const pieces = piecesOf(before);
  const key = pieces.find((piece) => piece.key !== undefined);
  if (key) {
    const path = pathAbove(lines, index, key.at, pieces.filter((piece) => piece.dash));
    return { path: [...path, key.key], at: "value", beside: new Set(), word: before.slice(key.after).trimStart() };
  }
  const dashes = pieces.filter((piece) => piece.dash);
  const margin = pieces.find((piece) => piece.value)?.at ?? before.length;
  const path = pathAbove(lines, index, margin, dashes);
  const word = before.slice(margin);
  return { path, at: dashes.length ? "item" : "key", beside: keysBeside(lines, index, margin), word };
}

function inBrackets(lines, start, open, word) {
  const key = start.pieces.find((piece) => piece.key !== undefined);
  const dashes = start.pieces.filter((piece) => piece.dash);
  const column = key ? key.at : (dashes[dashes.length - 1]?.at ?? 0) + 1;
  const path = pathAbove(lines, start.number, column, dashes);
  if (key) path.push(key.key);
  for (const bracket of open.slice(0, -1)) {
    if (bracket.list) path.push("[]");
    else if (bracket.key) path.push(bracket.key);
  }
  const last = open[open.length - 1];
  if (last.list) return { path: [...path, "[]"], at: "value", beside: new Set(), word: word.trimStart(), flow: true };
  if (last.key) return { path: [...path, last.key], at: "value", beside: new Set(), word: word.trimStart(), flow: true };
  return { path, at: "key", beside: new Set(last.keys), word: word.trimStart(), flow: true };
}

/** Return the key that a line opens with, and the path to it; null where it opens with none. */
export function keyOfLine(lines, index) {
  const pieces = piecesOf(lines[index] ?? "");
  const key = pieces.find((piece) => piece.key !== undefined);
  if (!key) return null;
  return { key, path: [...pathAbove(lines, index, key.at, pieces.filter((piece) => piece.dash)), key.key] };
}

/** Return the id of the capability or item that a line belongs to, null where there is none above it. */
export function idAround(lines, index) {
  let need = Infinity;
  for (let number = index; number >= 0; number -= 1) {
    if (isBlank(lines[number])) continue;
    const pieces = piecesOf(lines[number]);
    const key = pieces.find((piece) => piece.key !== undefined);
    if (key && key.at <= need && (key.key === "id" || key.key === "element")) {
      return lines[number].slice(key.after).replace(/#.*/, "").trim().replace(/^["']|["']$/g, "") || null;
    }
    if (pieces.length) need = Math.min(need, pieces[pieces.length - 1].at);
  }
  return null;
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Return the offset of the line on which something is defined (`id: x`) or asked about (`element: x`), -1 for none. */
export function whereDefined(text, id) {
  return text.search(new RegExp(`(?<=^|[\\s{,-])(?:id|element):\\s*["']?${escaped(id)}["']?\\s*(?:[,}#]|$)`, "m"));
}
