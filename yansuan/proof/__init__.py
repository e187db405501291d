"""Why to believe a formula: witnesses, its LaTeX executed, mutants."""
