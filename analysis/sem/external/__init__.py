"""Other engines beside ours: semopy as estimator and as cross-check."""
