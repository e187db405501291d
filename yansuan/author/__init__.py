"""The author's commands: scaffold, match, check."""
