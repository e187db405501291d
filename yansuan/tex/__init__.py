"""LaTeX: read, evaluated, drawn."""
