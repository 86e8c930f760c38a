"""Reliability, validity and exploratory structure of what was measured."""
