"""People whom the government calls by one name: a leading group, a team on duty (群组)."""
