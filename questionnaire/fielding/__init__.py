"""What researchers do with a study in the field: open and close it, invite, keep contacts."""
