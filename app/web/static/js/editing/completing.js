// What may be written where the cursor stands, and what a key is for: from the schema, the files and what they refer to.

import { hoverTooltip, snippet } from "../../vendor/codemirror.min.js";
import { make, page, say } from "./page.js";
import { keyOfLine, placeAt } from "./place.js";
import { aboutKey, keysAt, wordsAt } from "./schema.js";

const linesOf = (doc) => doc.toString().split("\n");
const IDS = /(?:^|[\s{,-])id:\s*["']?([a-z][a-z0-9]*(?:-[a-z0-9]+)*)/gm;

/** Return the schema of a file. */
export function schemaOf(name) {
  if (page.main === null) return page.schemas[page.kind];
  return page.schemas[name === page.main ? "framework" : "children"];
}

const keyOption = (key, flow) => ({
  label: key.name,
  type: "property",
  detail: key.required ? say("required") : undefined,
  info: key.about || undefined,
  boost: key.required ? 1 : 0,
  apply: key.text ? snippet(`${key.name}: {zh: \${}, en: \${}}`) : `${key.name}:${key.nested && !flow ? "" : " "}`,
});

const idsIn = (texts) => new Set(texts.flatMap((text) => [...text.matchAll(IDS)].map((match) => match[1])));

function roleIds(text) {
  const block = /^roles:\s*\n((?:[ -].*\n|\n)*)/m.exec(text);
  return block ? [...idsIn([block[1]])] : [];
}

/** Return the ids and names that the value of a key may be, as [value, what it is called]. */
function valuesFor(path, files) {
  const key = [...path].reverse().find((step) => step !== "[]");
  const known = page.references[key];
  if (known) return known;
  if (key === "prerequisites") return [...idsIn(Object.values(files()))].map((id) => [id, ""]);
  if (key === "roles" && path.includes("items")) return roleIds(Object.values(files())[0] ?? "").map((id) => [id, ""]);
  if (key === "children" || key === "capabilities") return Object.keys(files()).filter((name) => name !== page.main).map((name) => [name, ""]);
  return [];
}

/** Return a source of completions for the file that `current()` names; `files()` are the texts of all. */
export function completions({ current, files }) {
  return (context) => {
    const line = context.state.doc.lineAt(context.pos);
    const place = placeAt(linesOf(context.state.doc), line.number - 1, context.pos - line.from);
    const schema = schemaOf(current());
    const from = context.pos - place.word.length;
    if (!context.explicit && !place.word) return null;
    const options = [];
    if (place.at !== "value") {
      const keys = keysAt(schema, place.path).filter((key) => !place.beside.has(key.name) || key.name === place.word);
      options.push(...keys.map((key) => keyOption(key, place.flow)));
      if (place.path[place.path.length - 1] === "weights" && page.references.weights) {
        options.push(...page.references.weights.map(([value, name]) => ({ label: value, detail: name, type: "constant", apply: `${value}: ` })));
      }
    }
    if (place.at !== "key") {
      options.push(...wordsAt(schema, place.path).map((word) => ({ label: word, type: "enum" })));
      options.push(...valuesFor(place.path, files).map(([value, name]) => ({ label: value, detail: name, type: "constant" })));
    }
    return options.length ? { from, options, validFor: /^[\w./-]*$/ } : null;
  };
}

/** Return the key of a line with what it is for: {name, about, words}; null where nothing is known. */
export function explained(doc, number, name) {
  const lines = linesOf(doc);
  const found = keyOfLine(lines, number - 1);
  if (!found) return null;
  const key = aboutKey(schemaOf(name), found.path);
  if (!key || !key.about) return null;
  const words = wordsAt(schemaOf(name), found.path);
  return { at: found.key, name: key.name, about: key.about, required: key.required, words };
}

/** Return an explanation as one line of text. */
export function explanation({ name, about, required, words }) {
  const more = [required ? say("required") : null, words.length > 1 ? say("oneOf", { words: words.join(", ") }) : null].filter(Boolean);
  return `${name}: ${about}${more.length ? ` (${more.join("; ")})` : ""}`;
}

/** Return what shows the explanation of a key under the pointer. */
export function explanations(current) {
  return hoverTooltip((view, position) => {
    const line = view.state.doc.lineAt(position);
    const found = explained(view.state.doc, line.number, current());
    const column = position - line.from;
    if (!found || column < found.at.at || column > found.at.after) return null;
    const shown = () => ({ dom: make("div", { class: "cm-explained" }, explanation(found)) });
    return { pos: line.from + found.at.at, end: line.from + found.at.after, above: true, create: shown };
  });
}
