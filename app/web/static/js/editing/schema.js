// A JSON Schema asked by path: which keys may stand somewhere, which values, what they are for. Knows no YAML.

/** Return a schema's alternatives with references resolved. */
function variants(schema, root, depth = 0) {
  if (!schema || depth > 8) return [];
  if (schema.$ref) {
    const named = schema.$ref.split("/").slice(1).reduce((part, name) => part?.[name], root);
    return variants(named, root, depth + 1);
  }
  const parts = [...(schema.allOf ?? []), ...(schema.anyOf ?? [])];
  return parts.length ? parts.flatMap((part) => variants(part, root, depth + 1)) : [schema];
}

/** Return the alternatives of what stands at a path: keys, and "[]" for the items of a list. */
export function at(root, path) {
  let found = variants(root, root);
  for (const step of path) {
    found = found.flatMap((schema) => {
      if (step === "[]") return variants(schema.items, root);
      const child = schema.properties?.[step] ?? (typeof schema.additionalProperties === "object" ? schema.additionalProperties : null);
      return variants(child, root);
    });
  }
  return found;
}

/** Return the keys that may stand in the mapping at a path: [{name, about, required, text, nested}]. */
export function keysAt(root, path) {
  const keys = new Map();
  for (const schema of at(root, path)) {
    for (const [name, child] of Object.entries(schema.properties ?? {})) {
      if (keys.has(name)) continue;
      const forms = variants(child, root);
      keys.set(name, {
        name,
        about: child.description ?? "",
        required: (schema.required ?? []).includes(name),
        text: forms.some((form) => form.properties?.zh && form.properties?.en),
        nested: forms.every((form) => form.type === "object" || form.type === "array"),
      });
    }
  }
  return [...keys.values()];
}

/** Return what the key at the end of a path is for; empty where it is not known. */
export function aboutKey(root, path) {
  const name = path[path.length - 1];
  return keysAt(root, path.slice(0, -1)).find((key) => key.name === name) ?? null;
}

/** Return the words that may stand at a path: of a list of words, a fixed value, true and false. */
export function wordsAt(root, path) {
  return at(root, path).flatMap((schema) => {
    if (schema.enum) return schema.enum.map(String);
    if (schema.const !== undefined) return [String(schema.const)];
    return schema.type === "boolean" ? ["true", "false"] : [];
  });
}
