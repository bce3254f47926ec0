"""Figures: numbers in, Plotly figures out; nothing is read here."""
