"""The times one person is or means to be away, kept in one place so that no two absences get the same (外出时段)."""
