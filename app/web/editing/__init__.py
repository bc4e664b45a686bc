"""The editor of frameworks, questionnaires and weight profiles: text, faults while typing, live preview."""
