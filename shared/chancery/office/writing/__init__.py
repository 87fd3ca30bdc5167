"""What leans on a large library of others: loaded when it is first used, not when a service starts."""
