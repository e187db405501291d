"""What everything stands on: errors, settings, text files."""
