"""Help: one short page per screen, in both languages."""
