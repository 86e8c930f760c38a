"""The pages of the respondent and of the console."""
