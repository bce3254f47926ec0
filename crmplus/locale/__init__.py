"""Languages: catalogues, and how each language writes amounts and dates."""
