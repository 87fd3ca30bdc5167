"""A unit of the government: a department, a street, a town (单位)."""
