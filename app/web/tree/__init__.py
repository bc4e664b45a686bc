"""Pages that change the tree of a framework's draft by forms."""
