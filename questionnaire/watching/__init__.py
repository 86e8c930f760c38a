"""What a study in the field looks like while it runs: counts, drop-out, times, means, alarms."""
