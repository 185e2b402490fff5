"""Whom to tell, what to say, and how it gets there."""
