"""Finished HTML: what it may hold, what it holds."""
