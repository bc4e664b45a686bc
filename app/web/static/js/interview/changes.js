// What a set of changes is: fields as the server names them, `state` and `score` together, ticks and questions by part.
// Pure functions over plain objects.

const PARTS = ["ticks", "questions"];

/** Return `older` with `newer` laid over it. */
export function laidOver(older, newer) {
  const merged = { ...older, ...newer };
  for (const group of PARTS) {
    if (older[group] && newer[group]) merged[group] = { ...older[group], ...newer[group] };
  }
  return merged;
}

/** Return the part of `changes` that touches the same fields as `fields`, and the rest. */
export function split(changes, fields) {
  const same = {};
  const rest = {};
  for (const [name, value] of Object.entries(changes)) {
    if (PARTS.includes(name)) {
      for (const [key, part] of Object.entries(value)) {
        const side = fields[name] && key in fields[name] ? same : rest;
        side[name] = { ...side[name], [key]: part };
      }
    } else {
      (name in fields ? same : rest)[name] = value;
    }
  }
  return [same, rest];
}

/** Tell whether there is nothing in a set of changes. */
export function isEmpty(changes) {
  return Object.keys(changes).length === 0;
}

/** Return a value, null for one that says nothing (0 says something). */
const filled = (value) => (value === "" || value === undefined ? null : value);

/** Return what of `now` differs from `before` (both complete answers). */
export function difference(before, now) {
  const changes = {};
  if (before.state !== now.state || before.score !== now.score) {
    changes.state = now.state;
    changes.score = now.score;
  }
  for (const name of ["reason", "note", "confidence", "evidence_strength"]) {
    const said = filled(now[name]);
    if (filled(before[name]) !== said) changes[name] = said;
  }
  for (const group of PARTS) {
    const parts = Object.entries(now[group] ?? {}).filter(
      ([key, part]) => JSON.stringify(part) !== JSON.stringify(before[group]?.[key] ?? null),
    );
    if (parts.length) changes[group] = Object.fromEntries(parts);
  }
  return changes;
}
