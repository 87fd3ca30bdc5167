"""The catalogue of a year of major decisions: adopted, published, changed for a reason (年度重大行政决策目录)."""
