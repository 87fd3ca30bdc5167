"""A task: opened by what others decided, reported on, closed, or overdue (督办事项)."""
