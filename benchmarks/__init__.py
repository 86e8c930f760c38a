"""Measured claims: every figure about speed in docs/ comes from `python -m benchmarks.NAME`."""
