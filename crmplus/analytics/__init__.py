"""Figures: measures read the store, figures draw what they return."""
