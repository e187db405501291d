"""A function and its docstring become a formula."""
