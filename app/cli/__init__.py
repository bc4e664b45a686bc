"""The `crm-maturity` command: argv in, exit code out. Composition arrives through `Factories`."""
