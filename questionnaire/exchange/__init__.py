"""Answers out of the store, for other programs."""
