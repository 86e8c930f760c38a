"""Measured claims: every figure about speed in docs/ comes from `python -m benchmarks.NAME`."""

NAMES = (
    "bootstrap_vs_lavaan",
    "bootstrap_tolerance",
    "single_fit_vs_lavaan",
    "fiml_vs_lavaan",
    "wlsmv_vs_lavaan",
    "cost_vs_n",
    "calibration",
)
