"""A whole site: MkDocs and Zensical, search, PDF."""
