"""A study edited in the application: its items as rows, its file as text, its pages as they will look."""
