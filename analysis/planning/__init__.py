"""Before any data: populations with known truth and the respondents they would send."""
