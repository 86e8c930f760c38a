"""From a study and an answers table to everything a report says."""
