"""Careless and fabricated responding: one index a file, flags by the study's own rules."""
