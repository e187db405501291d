"""Pages in Markdown: scanned, compared with their twins, linked."""
