"""The catalogue of one year, which gives index numbers without a gap (索引号)."""
