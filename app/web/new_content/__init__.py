"""Beginning a framework, with its questionnaire, as drafts."""
