"""The model language: text to plain statements, expressions to values and derivatives."""
