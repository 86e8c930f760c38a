"""Statements to a parameter table with lavaan's ``sem()`` defaults."""
