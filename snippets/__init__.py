"""What the formulas say: one function a formula, one file a family, NumPy only."""
