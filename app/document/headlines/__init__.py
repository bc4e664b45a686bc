"""The sentence above a section's pages: a module per kind of section, decided by `rules`, worded here.

The law of them all: no sentence without its numbers; two units are put in order only where their exact scores lie at
least half a step apart; what is provisional or withheld says so.
"""
