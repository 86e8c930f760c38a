"""Hypotheses to models to verdicts."""
