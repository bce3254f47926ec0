"""Measures of CRM+ on large databases, side by side with the barest SQL."""
