"""The pages of respondents, who come by a personal link and have no account."""
