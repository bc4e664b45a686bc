"""What is made in the background: how far it is, its file, why there is none; whatever kind of work it is."""
