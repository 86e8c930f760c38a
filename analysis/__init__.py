"""From a table of answers to a verdict."""
