"""The pages on which content is translated, questionnaires and weight profiles are revised."""
