"""A page becomes HTML: cards, tables, math."""
