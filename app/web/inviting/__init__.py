"""Invitations and reset links: made here, opened here by whoever holds them."""
