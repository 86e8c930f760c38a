"""The rules of admission: when a study takes respondents, who is invited, which places are left."""
