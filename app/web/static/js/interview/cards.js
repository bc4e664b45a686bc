// Cards at the element: two different answers to choose from, or an answer that was not accepted. Nothing is decided
// for the user.

import { clockTime, page, say, elementAddress } from "./page.js";

/** Draw the cards of a form's conflicts and refusals. `acts`: {keepMine, takeTheirs, keepBoth, giveUp}, given an entry. */
export function drawCards(place, entries, acts) {
  place.replaceChildren(...entries.map((entry) => (entry.state === "conflict" ? conflict(entry, acts) : refusal(entry, acts))));
}

/** Draw where to find what is to be decided, on pages that show no answer form. */
export function drawList(place, entries) {
  const items = entries.map((entry) => {
    const item = make("li");
    const link = make("a", page.names[entry.element] ?? entry.element);
    link.href = elementAddress(entry.element);
    item.append(link, say("colon"), entry.state === "conflict" ? say("conflictTitle") : say("refusedTitle"));
    return item;
  });
  const list = make("ul");
  list.append(...items);
  place.replaceChildren(...(items.length ? [list] : []));
  place.classList.toggle("notice", items.length > 0);
  place.classList.toggle("notice-warning", items.length > 0);
}

function conflict(entry, acts) {
  const { theirs, by, at } = entry.problem;
  const card = section("conflict", say("conflictTitle"));
  card.append(make("p", say("conflictBy", { who: by ?? say("someone"), time: clockTime(at) })));
  const table = make("table");
  const head = table.createTHead().insertRow();
  for (const words of ["", say("mine"), say("theirs")]) head.append(headCell(words, "col"));
  const body = table.createTBody();
  for (const [name, mine, other] of pairs(entry.set, theirs)) {
    const row = body.insertRow();
    row.append(headCell(name, "row"), make("td", mine), make("td", other));
  }
  card.append(table, buttons(`card-${entry.id}`, [
    [say("keepMine"), () => acts.keepMine(entry)],
    [say("takeTheirs"), () => acts.takeTheirs(entry)],
    [say("keepBoth"), () => acts.keepBoth(entry, summary(entry))],
  ]));
  return card;
}

function refusal(entry, acts) {
  const card = section("refusal", say("refusedTitle"));
  for (const message of entry.problem.messages) card.append(make("p", message));
  card.append(buttons(`card-${entry.id}`, [[say("giveUp"), () => confirm(say("giveUpSure")) && acts.giveUp(entry)]]));
  return card;
}

/** Return what the other stored as one line for the note. */
function summary(entry) {
  const { theirs, by, at } = entry.problem;
  const what = pairs(entry.set, theirs).map(([name, , other]) => `${name} ${other}`).join("; ");
  return say("theirsInNote", { who: by ?? say("someone"), time: clockTime(at), what });
}

function pairs(mine, theirs) {
  const lines = [];
  if ("state" in theirs) lines.push([say("field.score"), judgement(mine), judgement(theirs)]);
  for (const name of ["confidence", "evidence_strength", "reason", "note"]) {
    if (name in theirs) lines.push([say(`field.${name}`), plain(name, mine[name]), plain(name, theirs[name])]);
  }
  for (const key of Object.keys(theirs.ticks ?? {})) {
    lines.push([labelOf("evidence", key), plain("tick", mine.ticks?.[key]), plain("tick", theirs.ticks[key])]);
  }
  for (const key of Object.keys(theirs.questions ?? {})) {
    lines.push([say("field.questions"), reply(mine.questions?.[key]), reply(theirs.questions[key])]);
  }
  return lines;
}

function judgement(values) {
  return values.score ?? say(`mark.${values.state}`);
}

function plain(name, value) {
  if (value === null || value === undefined || value === "") return say("empty");
  if (name === "evidence_strength") return say(`strength.${value}`);
  return name === "confidence" || name === "tick" ? say(`${name}.${value}`) : value;
}

function reply(value) {
  if (value === null || value === undefined) return say("empty");
  if (Array.isArray(value)) return value.join(", ");
  return typeof value === "object" ? value.number : value;
}

function labelOf(_kind, key) {
  const box = document.querySelector(`[name$=".tick.${CSS.escape(key)}"]`);
  return box?.closest("li").querySelector(".evidence-words").textContent ?? key;
}

function section(kind, title) {
  const card = make("section");
  card.className = `card card-${kind}`;
  card.append(make("h3", title));
  card.setAttribute("aria-label", title);
  return card;
}

function buttons(place, list) {
  const row = make("p");
  row.className = "card-actions";
  for (const [words, act] of list) {
    const button = make("button", words);
    button.type = "button";
    button.className = "secondary";
    button.id = `${place}-${row.childElementCount}`; // the same after a reload, so that the focus finds it again
    button.addEventListener("click", act);
    row.append(button);
  }
  return row;
}

function headCell(words, scope) {
  const cell = make(words ? "th" : "td", words);
  if (words) cell.scope = scope;
  return cell;
}

function make(tag, words = "") {
  const element = document.createElement(tag);
  if (words) element.textContent = words;
  return element;
}
