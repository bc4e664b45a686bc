"""The worded report in a locale: sections, order, headline rules. Knows no paper and no slide."""
