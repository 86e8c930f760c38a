"""Discrepancy functions, starting values and their minimisation."""
