"""The page before a visit, its print and the pages behind its figures, as values. No web framework inside."""
