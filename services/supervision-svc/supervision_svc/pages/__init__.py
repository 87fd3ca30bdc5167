"""What people look at: all units at a glance, the ledger, and one page for each unit and each leader."""
