"""An assessment and the versions of its framework: going to another one, its proposals, its records, and back."""
