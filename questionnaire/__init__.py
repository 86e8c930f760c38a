"""From a study file to a clean table of answers. Knows nothing of the analysis."""
