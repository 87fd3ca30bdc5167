"""Work handed over from one person to another (工作交接)."""
