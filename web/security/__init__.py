"""Who may reach what: authentication, accounts, request limits, the audit log."""
