"""Who may do what: roles, accounts, sessions and the log of what was done."""
