"""YAML files -> core objects: located reading, schema, library, snapshots. Knows files; no database, no request."""
