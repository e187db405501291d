"""The engine: how a tested function becomes a card on a page. Knows no formula, imports no snippet."""
