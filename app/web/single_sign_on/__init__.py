"""Signing in by the identity provider of the settings, and linking accounts to it."""
