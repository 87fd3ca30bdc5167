"""A whole roster as one table: read with the place of every mistake, and written again (名册导入导出)."""
