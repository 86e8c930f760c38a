"""What follows from an estimate: errors, tests, fit measures, standardised solutions."""
