"""What people look at and print: the week of the leaders, the ledger, calendars, the leave form."""
