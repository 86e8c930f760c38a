"""The rules of fielding: when a study takes respondents, who is invited, which places are left."""
