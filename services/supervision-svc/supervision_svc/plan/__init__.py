"""A recurring piece of work for one period, by its fields (计划与定期工作)."""
