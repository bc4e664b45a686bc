"""HTTP: blueprints by feature, forms, templates. Loads, asks permission, acts; no rule of the field, no SQL."""
